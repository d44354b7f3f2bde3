/* page_item.h - one image of the page: what was before it, and its candidates. */
#ifndef REVIEW_PAGE_ITEM_H
#define REVIEW_PAGE_ITEM_H
#include "base/text.h"
#include "review/candidate.h"

void page_item(const struct item *item, struct text *out);
#endif

/* review_page_item.h - writes one item of the review page: the image before, and its candidates. */
#ifndef BATCH_REVIEW_REVIEW_PAGE_ITEM_H
#define BATCH_REVIEW_REVIEW_PAGE_ITEM_H
#include "base/text.h"
#include "batch/review/candidate.h"

void review_page_add_item(const struct review_item *item, struct text *out);
#endif

/* review_rejections.h - the answers that were rejected while candidates were made. */
#ifndef BATCH_REVIEW_REVIEW_REJECTIONS_H
#define BATCH_REVIEW_REVIEW_REJECTIONS_H
#include "base/text.h"
#include "batch/review/candidate.h"

/* Assigns the rows of the query `batch_rejections` to their items. `rows` must outlive the items.
 */
void review_rejections_read(const cJSON *rows, struct review_items *items);

/* Adds those of an item as HTML, collapsed unless the item has no candidate; nothing if there are
 * none. */
void review_rejections_add(const struct review_item *item, struct text *out);
#endif

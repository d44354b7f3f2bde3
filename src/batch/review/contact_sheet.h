/* contact_sheet_draw.h - contact sheets of a batch: before and after in pairs, for a terminal or a
 * chat.
 */
#ifndef BATCH_REVIEW_CONTACT_SHEET_H
#define BATCH_REVIEW_CONTACT_SHEET_H
#include "batch/review/candidate.h"

enum { CONTACT_ITEMS = 18 }; /* of one sheet */

struct contact_sheet {
    const char *title; /* "Batch b7-3f2a" */
    const char *facts; /* one line below it */
    const struct review_item *items;
    int count; /* at most CONTACT_ITEMS; of each the best candidate is shown */
};

/* A PNG; thumbs must have been made. Pool or loop: it takes some 200 ms. */
bool contact_sheet_draw(const struct contact_sheet *contact, struct blob *out,
                        struct error *err) MUST_CHECK;
#endif

/* contact_sheet.h - draws pairs of images, before and after, on one PNG for a terminal or a chat.
 */
#ifndef BATCH_REVIEW_CONTACT_SHEET_H
#define BATCH_REVIEW_CONTACT_SHEET_H
#include "batch/review/candidate.h"

enum { CONTACT_SHEET_ITEMS = 18 }; /* per sheet */

struct contact_sheet {
    const char *title;    /* "Batch b7-3f2a" */
    const char *subtitle; /* one line below the title */
    const struct review_item *items;
    int count; /* at most CONTACT_SHEET_ITEMS; the best candidate of each item is drawn */
};

/* Returns a PNG. The thumbnails must have been fetched. Takes about 200 ms. */
bool contact_sheet_draw(const struct contact_sheet *contact, struct blob *out,
                        struct error *err) MUST_CHECK;
#endif

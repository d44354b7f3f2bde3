/* review_page.h - writes the review page: assets/review.html filled with the images of a batch.
 *
 * The page is self-contained: it loads nothing from the network. Texts from the database are
 * escaped. */
#ifndef BATCH_REVIEW_REVIEW_PAGE_H
#define BATCH_REVIEW_REVIEW_PAGE_H
#include "base/text.h"
#include "batch/review/candidate.h"

struct review_page {
    const char *batch;                /* its id: letters, digits, '-' */
    const cJSON *summary;             /* the answer of darkroom.batch_show */
    const struct review_items *items; /* of this page; thumbnails fetched */
    const char *stem;                 /* file name without number and suffix: "review" */
    int number, count;                /* this page, from 1, and the number of pages */
    const char *made;                 /* date and time */
};

/* Writes "review.html", or "review-3.html" if there are several pages. */
void review_page_name(const char *stem, int number, int count, char *out, size_t size);

/* Appends the page to `out`, which the caller has begun. Fails with ERROR_INTERNAL if the page is
 * too large. */
bool review_page_write(const struct review_page *page, struct text *out,
                       struct error *err) MUST_CHECK;
#endif

/* review_page.h - the page that a person looks at: assets/review.html with a batch's images in it.
 * It needs nothing else, reaches nothing, and shows whatever the database says as text. */
#ifndef BATCH_REVIEW_REVIEW_PAGE_H
#define BATCH_REVIEW_REVIEW_PAGE_H
#include "base/text.h"
#include "batch/review/candidate.h"

struct review_page {
    const char *batch;                /* its id: letters, digits, '-' */
    const cJSON *told;                /* the answer of batch_show */
    const struct review_items *items; /* of this page; thumbs made */
    const char *stem;                 /* of the pages' names: "review" */
    int number, of;                   /* which page this is, from 1 */
    const char *made;                 /* when, in words */
};

/* "review.html", or "review-3.html" where there are several. */
void review_page_name(const char *stem, int number, int of, char *out, size_t size);
/* "decisions-b7-3f2a.json", or one a page. */
void review_decisions_name(const char *batch, int number, int of, char *out, size_t size);

/* `out` is begun by the caller. ERROR_INTERNAL where it is too large. */
bool review_page_write(const struct review_page *page, struct text *out,
                       struct error *err) MUST_CHECK;
#endif

/* candidate.h - what a batch made, read from the database's rows: each image with what was before
 * it, and the new ones that may take its place, the best first.
 *
 * Everything in a row may come from a seller or a model: text is for showing, nothing else. */
#ifndef BATCH_REVIEW_CANDIDATE_H
#define BATCH_REVIEW_CANDIDATE_H
#include <cjson/cJSON.h>

#include "base/arena.h"
#include "batch/review/thumbnail.h"
#include "image/checks/check_results.h"

struct candidate {
    int variant;
    bool done;            /* it was made, and can be seen */
    const char *state;    /* "waiting", "queued", "done", "failed", "cancelled" */
    const char *decision; /* "accepted", "rejected", "reverted", or "" */
    const char *error, *model, *quality, *url;
    int width, height;
    int64_t bytes;
    double usd;                     /* -1: not known */
    double likeness, shape, colour; /* to the photo; -1: not told */
    struct check_result checks[CHECK_RESULTS_MAX];
    int check_count, failed; /* checks; those that failed */
    struct thumbnail image;
};

struct review_item { /* one image that was to be made again */
    int number;
    const char *source; /* id of the image before; "" where there was none */
    const char *project, *product, *style;
    const char *kind; /* "lifestyle" */
    char title[64];   /* the same, or "A+ module 2, image 1" */
    const char *before_model;
    int before_width, before_height;
    bool has_before;
    struct thumbnail before;
    struct thumbnail *photo; /* the seller's; shared with the item before where that is the same;
                            url "" where none is */
    struct candidate *candidates; /* the best first */
    int count;
};

struct review_items {
    struct review_item *list;
    int count;
    int candidates; /* of all items */
};

/* Reads the answer of batch_items. `rows` must outlive *out; the rest lives in the arena, but for
 * the thumbs' pictures: review_items_free. ERROR_REMOTE where a row has no item or variant. */
bool review_items_read(const cJSON *rows, struct arena *arena, struct review_items *out,
                       struct error *err) MUST_CHECK;
void review_items_free(struct review_items *items);

/* Less than 0: a before b. Made before not made; then fewer checks failed; then nearer to the
 * product photo; then cheaper; then as they were asked for. */
int candidate_compare(const struct candidate *a, const struct candidate *b);

/* May it count without a look: made, undecided, the best of its item, every check passed. */
bool candidate_passed(const struct review_item *item, const struct candidate *candidate);
#endif

/* candidate.h - the items of a batch read from the database's rows: each with the image before and
 * its candidates, sorted best first.
 *
 * Texts in a row may come from a seller or a model: they are untrusted, and only displayed. */
#ifndef BATCH_REVIEW_CANDIDATE_H
#define BATCH_REVIEW_CANDIDATE_H
#include <cjson/cJSON.h>

#include "base/arena.h"
#include "image/checks/check_results.h"
#include "store/thumbnail.h"

struct candidate {
    int variant;
    bool done;            /* generated, and its file can be fetched */
    const char *state;    /* "waiting", "queued", "done", "failed", "cancelled" */
    const char *decision; /* "accepted", "rejected", "reverted", or "" */
    const char *error, *model, *quality, *url;
    int width, height;
    int64_t bytes;
    double usd;                       /* -1 if unknown */
    double similarity, shape, colour; /* compared with the product photo; -1 if not measured */
    struct check_result checks[CHECK_RESULTS_MAX];
    int check_count, failed; /* failed: number of checks that failed */
    struct thumbnail image;
};

struct review_item { /* one image that the batch regenerates */
    int number;
    const char *source; /* id of the image before; "" if there was none */
    const char *project, *product, *style;
    const char *kind; /* "lifestyle" */
    char title[64];   /* the kind, or "A+ module 2, image 1" */
    const char *before_model;
    int before_width, before_height;
    bool has_before;
    struct thumbnail before;
    struct thumbnail *photo; /* the seller's photo; shared with the previous item if the URL is the
                                same; url is "" without a photo */
    struct candidate *candidates; /* best first */
    int count;
    const cJSON *rejections; /* the first of them, see review_rejections.h; borrowed */
    int rejection_count;
};

struct review_items {
    struct review_item *list;
    int count;
    int candidates; /* of all items together */
};

/* Reads the answer of darkroom.batch_items. `rows` must outlive *out; the rest is allocated in the
 * arena, except JPEG data of thumbnails, which review_items_free frees. Fails with ERROR_REMOTE if
 * a row has no item or variant. */
bool review_items_read(const cJSON *rows, struct arena *arena, struct review_items *out,
                       struct error *err) MUST_CHECK;
void review_items_free(struct review_items *items);

/* Returns true if accept --passed takes this candidate: generated, undecided, the best of its item,
 * and every check passed. */
bool candidate_passed(const struct review_item *item, const struct candidate *candidate);
#endif

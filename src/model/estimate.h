/* estimate.h - estimates cost and duration of generating images.
 *
 * Uses recorded calls of the same model, size and quality. Without enough of them, uses the price
 * table and the typical token usage of prompt and photo. Includes repeated calls after rejected
 * images, at the recorded rate of rejections. */
#ifndef MODEL_ESTIMATE_H
#define MODEL_ESTIMATE_H
#include <stdint.h>

#include "model/catalog.h"

/* Assumed token usage of these calls. Output that depends on it is marked as an estimate. */
extern const struct usage usual_features, usual_aplus;

struct recorded_calls { /* recorded calls of one model, step, quality and size */
    const char *provider, *model, *step;
    const char *quality; /* "" if none was requested */
    struct size size;
    int64_t count, good; /* all responses; those that passed all checks */
    double usd;          /* mean per call; negative if unknown */
    double p50_ms, p95_ms;
};

struct estimate_row { /* images of one model, size and quality */
    const struct model *model;
    const char *provider;
    struct size size;    /* size to request */
    const char *quality; /* NULL if none is requested */
    int max_calls;       /* maximum number of calls per image */
    int64_t images;
    int64_t made_locally;     /* number of them that need no model */
    int64_t undecided;        /* number of them that may need a model, depending on the photo */
    int64_t without_features; /* number of them whose features must be extracted first */
    bool translation;         /* the calls are translations by a text model, not images */

    /* Results: */
    double usd_each;               /* of one call; negative if unknown */
    double calls_each;             /* per image */
    bool recorded, calls_recorded; /* true if based on recorded calls */
    double ms_each, p95_ms;        /* of one call; negative if unknown */
};

struct estimate_options {         /* how the calls are made */
    const struct model *features; /* model that extracts features; NULL if none is needed */
    const struct recorded_calls *recorded;
    int recorded_count;
    int concurrency;
    double rate;        /* maximum number of images started per second; 0: unlimited */
    bool batch_api;     /* uses the Batch API, at its share of the price */
    double local_share; /* share of the undecided images that need no model; negative if unknown */
};

struct estimate {
    int64_t items, calls;         /* candidates; expected number of calls for them */
    double usd_min, usd, usd_max; /* usd: expected value */
    bool price_known;             /* false: sums include only images with a known price */
    int64_t recorded,
        from_price_table; /* candidates priced from recorded calls, from the price table */
    double seconds_min, seconds_max;
    bool time_known;
};

/* Fills the results of each row, and the sums. No side effects. */
void estimate_make(const struct estimate_options *options, struct estimate_row *rows, int count,
                   struct estimate *out);
#endif

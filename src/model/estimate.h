/* estimate.h - what it will cost, and how long it will take, to make images again.
 *
 * Calls of the past tell best: the same model, size and quality. Where there are none the price
 * table does, with what such calls usually take beside the image. What a check will turn down is
 * asked for again, and counted by how often that was so. */
#ifndef MODEL_ESTIMATE_H
#define MODEL_ESTIMATE_H
#include <stdint.h>

#include "model/catalog.h"

/* By what such calls take: a guess, and said to be one. */
extern const struct usage usual_features, usual_aplus;

struct recorded_calls { /* calls of the past that are alike */
    const char *provider, *model, *step;
    const char *quality; /* "": none was asked for */
    struct size size;
    int64_t count, good; /* answers that came, and those that no check turned down */
    double usd;          /* mean of one; negative: not known */
    double p50_ms, p95_ms;
};

struct estimate_row { /* images that are alike, by one model */
    const struct model *model;
    const char *provider;
    struct size size;    /* that is asked for */
    const char *quality; /* NULL: none */
    int max_calls;       /* the most that one image is asked for */
    int64_t images;
    int64_t made_locally;     /* of them: made without a model */
    int64_t undecided;        /* of them: nobody knows yet whether a model is needed */
    int64_t without_features; /* of them: ask for the product's features first */

    /* What comes of it: */
    double usd_each;               /* of one call; negative: not known */
    double calls_each;             /* for one image */
    bool recorded, calls_recorded; /* told by calls of the past */
    double ms_each, p95_ms;        /* of one call; negative: not known */
};

struct estimate_options {         /* how the work is done */
    const struct model *features; /* who is asked for features */
    const struct recorded_calls *recorded;
    int recorded_count;
    int at_once;        /* calls */
    double rate;        /* images begun a second at most; 0: any */
    bool batch_api;     /* through the provider's batches, at their share of the price */
    double local_share; /* of those that nobody knows of; negative: not known either */
};

struct estimate {
    int64_t items, calls;         /* candidates; calls for images, about */
    double usd_min, usd, usd_max; /* usd: the likely one */
    bool price_known;             /* false: usd is of those whose price is */
    int64_t recorded,
        from_price_table; /* candidates whose price was told by the past, by the table */
    double seconds_min, seconds_max;
    bool time_known;
};

/* Fills the second half of each row, and the sum. Pure. */
void estimate_make(const struct estimate_options *options, struct estimate_row *rows, int count,
                   struct estimate *out);
#endif

/* store_images.h - a usable image goes into the store, as a worker would put it there, and out
 * again: how long the first takes belongs to a request's phases. */
#ifndef BENCH_LOAD_STORE_IMAGES_H
#define BENCH_LOAD_STORE_IMAGES_H
#include "bench/load/bench_request.h"
#include "store/store.h"

enum { UPLOADS_MAX = 64 }; /* at once: who would be one more waits, and with it what is issued */

struct upload_target { /* where to; the CLI fills it from the settings */
    const struct store *store;
    struct store_target place;
    const char *bucket;
    const char *prefix; /* of the objects' paths: "bench/20261127T014500" */
};

/* Puts request->judging.kept; fills sample.store_us, or sample.error where it could not be stored
 * or is left there. Then calls done, never from within. */
void store_image_begin(struct performer *performer, const struct upload_target *upload_target,
                       struct bench_request *request, void (*done)(struct bench_request *request));
#endif

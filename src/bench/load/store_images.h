/* store_images.h - uploads a usable image to the store as a worker would, measures the upload, and
 * deletes the object. */
#ifndef BENCH_LOAD_STORE_IMAGES_H
#define BENCH_LOAD_STORE_IMAGES_H
#include "bench/load/bench_request.h"
#include "io/perform.h"
#include "store/store.h"

enum { UPLOADS_MAX = 64 /* at once: beyond it the runner stops sending */ };

struct upload_target { /* filled in from the settings by bench_setup */
    const struct store *store;
    struct store_target store_target;
    const char *bucket;
    const char *prefix; /* of the objects' paths: "bench/1764380700000-71/image" */
};

/* Uploads request->evaluation.image and deletes it again. Sets sample.store_us, or sample.error if
 * the image could not be uploaded or deleted. Then calls done, never before it returns. */
void store_image_begin(struct performer *performer, const struct upload_target *upload_target,
                       struct bench_request *request, void (*done)(struct bench_request *request));
#endif

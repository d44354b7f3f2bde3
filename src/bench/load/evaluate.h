/* evaluate.h - decides the outcome of a response: parses it as the worker would, decodes the image
 * and checks it. Runs on a background thread.
 *
 * Parsing and checking are measured in processor time of the thread, so that the figures do not
 * depend on how busy the machine is. Digest and thumbnail serve only the report and are not
 * measured. */
#ifndef BENCH_LOAD_EVALUATE_H
#define BENCH_LOAD_EVALUATE_H
#include "bench/load/sample.h"
#include "image/image.h"

struct image_job;

struct evaluation {
    const struct target *target;
    const struct model_request *model_request;
    struct op *op;               /* has ended; its body is freed once it is parsed */
    bool thumbnail;              /* make one */
    struct image_job *image_job; /* judges the image as a worker would; NULL: usable is enough */
    const char *images_folder;   /* keep the usable image here; NULL to keep none */
    bool return_image;           /* move the usable image to `image` */
    struct blob image;           /* owned by the caller; empty if none is returned */
    enum image_format image_format;
    struct sample *sample; /* receives outcome, read_us, check_us, usage, cost and image */
};

/* Work for the idle pool; `arg` is a struct evaluation. Always returns true: the result is the
 * sample's outcome. */
bool evaluate_answer(void *arg, struct error *err);
#endif

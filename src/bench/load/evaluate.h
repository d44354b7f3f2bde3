/* evaluate.h - is what came usable? Pool work: reads the answer as the worker would, decodes the
 * image, and looks whether it is what was asked for.
 *
 * How long that takes is counted in processor time of the thread, so that it does not matter how
 * often others went first; digest and thumbnail, which only the report wants, are left out. */
#ifndef BENCH_LOAD_EVALUATE_H
#define BENCH_LOAD_EVALUATE_H
#include "bench/load/sample.h"
#include "image/image.h"

struct evaluation {
    const struct target *target;
    const struct model_request *model_request;
    struct op *op;      /* performed; its body is freed once it is read */
    bool thumbnail;     /* make one */
    const char *folder; /* where usable images are kept; NULL: nowhere */
    bool return_image;  /* the usable image itself is wanted: */
    struct blob image;  /* owned by whoever asked; empty where there is none */
    enum image_format image_format;
    struct sample *sample; /* outcome, read_us, check_us, usage, cost and the image are filled in */
};

/* For loop_run_on_pool and OP_WORK; `arg` is a struct judging. Always succeeds: its verdict is the
 * sample's outcome. */
bool evaluate_answer(void *arg, struct error *err);
#endif

/* matting_pool.h - masks photos with the operator's model, in one process that the model and ONNX
 * Runtime are loaded into (matting_server.h). One image at a time: a model takes about 1 GB and
 * seconds of processor time. */
#ifndef MATTING_MATTING_POOL_H
#define MATTING_MATTING_POOL_H
#include "image/cut_out/cut_mask.h"

struct matting_config {
    const char *model;   /* path of an ONNX file; copied */
    const char *library; /* path of libonnxruntime.so; NULL: in the folders of the system */
};

struct matting_state {
    int width, height; /* of the masks */
    size_t memory;     /* bytes that one image may use */
    int64_t trial_us;  /* duration of the first run */
    int seccomp_error; /* 0 = system calls are restricted; else why not, an errno */
};

/* Starts the process, masks a plain image for trial, and makes cut_mask_find use the model. Fails
 * with ERROR_CONFIG, and a hint, if library or model cannot be used. */
bool matting_pool_open(const struct matting_config *config, struct matting_state *out,
                       struct error *err) MUST_CHECK;
/* Call it when no photo is cut out. Harmless if the pool is not open. */
void matting_pool_close(void);
#endif

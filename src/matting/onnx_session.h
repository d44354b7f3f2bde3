/* onnx_session.h - a model in ONNX Runtime, which is loaded with dlopen. For a process that holds
 * one model until it ends. */
#ifndef MATTING_ONNX_SESSION_H
#define MATTING_ONNX_SESSION_H
#include "base/error.h"
#include "matting/onnx_api.h"

struct onnx_session {
    struct onnx_api api;
    struct ort_session *session;
    char *input, *output; /* names */
    int width, height;    /* of the input; 0 = any */
};

/* Loads the library and the model, and uses its output at position `output`. The library is a path,
 * or "" to look for it in the folders of the system. The session starts no thread, so that a forked
 * child can use it.
 *
 * Fails with ERROR_CONFIG, and a hint that names the file, if the library is missing or too
 * different, or if the model cannot be read or has not one input of 1 x 3 x height x width floats.
 */
bool onnx_session_open(const char *library, const char *model, int output, struct onnx_session *out,
                       struct error *err) MUST_CHECK;

/* Runs the model on three planes of width x height floats, and copies its mask of the same size.
 * Fails with ERROR_OUTPUT if the model fails or gives another size. */
bool onnx_session_run(const struct onnx_session *session, float *planes, int width, int height,
                      float *mask, struct error *err) MUST_CHECK;
#endif

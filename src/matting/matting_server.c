/* matting_server.c - masks images with the model that this process has loaded. */
#include "matting/matting_server.h"

#include <stdlib.h>
#include <string.h>

#include "decoder/decoder_server.h"
#include "matting/matting_model.h"
#include "matting/onnx_session.h"

static struct onnx_session session;
static struct matting_model model;

/* Runs in a child. `file` are the pixels, 3 channels. The result has 4: the mask is the last. */
static bool make_mask(const struct blob *file, const struct decode_plan *plan, uint8_t *buffer,
                      struct image *out, struct error *err)
{
    size_t count = (size_t)model.width * (size_t)model.height;
    float *planes, *mask;
    bool good;

    if (file->size != count * 3 || plan->capacity < count * 4) {
        return error_set(err, ERROR_INTERNAL, "the image has another size than the model");
    }
    planes = malloc(count * 3 * sizeof *planes);
    mask = malloc(count * sizeof *mask);
    if (planes && mask) {
        matting_model_input(&model, file->data, planes);
        good = onnx_session_run(&session, planes, model.width, model.height, mask, err) &&
               (matting_model_alpha(&model, mask, buffer) ||
                error_set(err, ERROR_OUTPUT, "its mask has values that are no numbers"));
    } else {
        good = error_set(err, ERROR_INTERNAL, "no memory for its input");
    }
    free(planes);
    free(mask);
    *out = (struct image){
        .width = model.width, .height = model.height, .channels = 4, .pixels = buffer
    };
    return good;
}

static void load(const char *path, const char *library, struct decoder_ready *ready)
{
    struct error *err = &ready->failure;

    if (!matting_model_describe(path, &model, err) ||
        !onnx_session_open(library, path, model.output, &session, err) ||
        !matting_model_set_size(path, session.width, session.height, &model, err)) {
        return;
    }
    ready->model = (struct decoder_model){ .width = model.width,
                                           .height = model.height,
                                           .cpu_seconds = model.seconds,
                                           .memory = (uint64_t)model.memory_mb << 20 };
}

int matting_serve(int argc, char **argv)
{
    struct decoder_ready ready = { .magic = DECODER_MAGIC };

    decoder_server_begin();
    if (argc != 2) {
        error_set(&ready.failure, ERROR_INTERNAL, "a cut-out process needs a model");
    } else {
        load(argv[0], argv[1], &ready);
    }
    return decoder_server_run(make_mask, &ready);
}

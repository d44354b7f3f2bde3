/* matting_pool.c - starts the process of the model, and gives it photos. */
#include "matting/matting_pool.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "decoder/decoder_process.h"
#include "image/compose.h"
#include "image/memory_budget.h"
#include "image/resize.h"
#include "matting/matting_server.h"

enum {
    ATTEMPTS = 2, /* of an image whose process was ended by something else */
    START_TIMEOUT_MS = 120000,
    /* A run may take this long, and so many times its processor time: others use the processor. */
    TIMEOUT_MS = 120000,
    TIMEOUT_FACTOR = 4,
    PIECE = 128 /* alpha from which a pixel is product */
};

static struct {
    pthread_mutex_t mutex; /* held while the process works */
    struct decoder_process process;
    char *model, *library;
    const char *argv[5];
    bool open;
} pool = { .mutex = PTHREAD_MUTEX_INITIALIZER };

/* -- one run --------------------------------------------------------------------------------- */

static bool ensure_ready(struct error *err)
{
    const struct decoder_program program = { .argv = pool.argv };

    return (pool.process.pid > 0 || decoder_process_start(&pool.process, &program, err)) &&
           decoder_process_wait(&pool.process, START_TIMEOUT_MS, err);
}

static bool run_within_memory(const struct image *scaled, struct image *out, struct error *err)
{
    const struct decoder_model *model = &pool.process.state.model;
    size_t pixels = (size_t)model->width * (size_t)model->height;
    struct blob file = blob_view(scaled->pixels, pixels * 3);
    struct decode_plan plan = { .facts = { .alpha = true },
                                .reduce = 1,
                                .width = model->width,
                                .height = model->height,
                                .capacity = pixels * 4,
                                .memory = model->memory };
    unsigned seconds = model->cpu_seconds;
    enum decode_outcome outcome = DECODE_LOST;

    for (int attempt = 0; attempt < ATTEMPTS && outcome == DECODE_LOST; attempt++) {
        if (ensure_ready(err)) {
            outcome =
                decoder_process_decode(&pool.process, &file, &plan, seconds,
                                       TIMEOUT_MS + (int)seconds * 1000 * TIMEOUT_FACTOR, out, err);
        }
    }
    return outcome == DECODE_DONE;
}

static bool run(const struct image *scaled, struct image *out, struct error *err)
{
    size_t memory = pool.process.state.model.memory;
    bool good;

    if (!memory_budget_reserve(memory)) {
        return error_set(err, ERROR_INTERNAL, "it needs more memory than --memory allows");
    }
    good = run_within_memory(scaled, out, err);
    memory_budget_return(memory);
    return good;
}

/* -- a mask ---------------------------------------------------------------------------------- */

static bool mirror(const struct image *in, struct image *out, struct error *err)
{
    if (!image_new(in->width, in->height, 3, out, err)) {
        return false;
    }
    for (int y = 0; y < in->height; y++) {
        const uint8_t *from = in->pixels + (size_t)y * (size_t)in->width * 3;
        uint8_t *to = out->pixels + (size_t)y * (size_t)in->width * 3;

        for (int x = 0; x < in->width; x++) {
            memcpy(to + (size_t)(in->width - 1 - x) * 3, from + (size_t)x * 3, 3);
        }
    }
    return true;
}

/* Averages the mask of the photo and that of the mirrored photo. */
static bool combine(const struct image *straight, const struct image *mirrored,
                    struct cut_mask *out, struct error *err)
{
    int width = straight->width, height = straight->height;
    long both = 0, either = 0;

    *out = (struct cut_mask){ .width = width, .height = height };
    out->alpha = malloc((size_t)width * (size_t)height);
    if (!out->alpha) {
        return error_set(err, ERROR_INTERNAL, "no memory for its mask");
    }
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            size_t row = (size_t)y * (size_t)width;
            int a = straight->pixels[(row + (size_t)x) * 4 + 3];
            int b = mirrored->pixels[(row + (size_t)(width - 1 - x)) * 4 + 3];

            both += a >= PIECE && b >= PIECE;
            either += a >= PIECE || b >= PIECE;
            out->alpha[row + (size_t)x] = (uint8_t)((a + b + 1) / 2);
        }
    }
    out->agreement = either > 0 ? (double)both / (double)either : 1;
    return true;
}

static bool mask_scaled(const struct image *scaled, struct cut_mask *out, struct error *err)
{
    struct image flipped = { 0 }, straight = { 0 }, mirrored = { 0 };
    bool good = run(scaled, &straight, err) && mirror(scaled, &flipped, err) &&
                run(&flipped, &mirrored, err) && combine(&straight, &mirrored, out, err);

    image_free(&flipped);
    image_free(&straight);
    image_free(&mirrored);
    return good;
}

/* Scales to the size of the model, without keeping the photo's proportions: so do the networks' own
 * programs. */
static bool scale(const struct image *photo, struct image *out, struct error *err)
{
    const struct decoder_model *model = &pool.process.state.model;
    struct image flat = { 0 };
    bool good;

    if (photo->channels == 3) {
        return image_scale(photo, model->width, model->height, out, err);
    }
    good = image_flatten(photo, &flat, err) &&
           image_scale(&flat, model->width, model->height, out, err);
    image_free(&flat);
    return good;
}

static bool find_mask(const struct image *photo, struct cut_mask *out, struct error *err)
{
    struct image scaled = { 0 };
    bool good;

    *out = (struct cut_mask){ 0 };
    pthread_mutex_lock(&pool.mutex);
    good = ensure_ready(err) && scale(photo, &scaled, err) && mask_scaled(&scaled, out, err);
    pthread_mutex_unlock(&pool.mutex);
    image_free(&scaled);
    if (!good) {
        err->kind = ERROR_OUTPUT;
    }
    return good;
}

/* -- open and close -------------------------------------------------------------------------- */

/* The process changes its folder, so it needs the complete path. */
static bool complete_path(const char *path, const char *setting, char **out, struct error *err)
{
    *out = realpath(path, NULL);
    if (*out) {
        return true;
    }
    error_set(err, ERROR_CONFIG, "--%s '%.160s' cannot be read: %s", setting, path,
              strerror(errno));
    return error_hint(err, "Name a file that exists and that this user may read.");
}

/* Masks a grey image: a model that fails on it, or that the restrictions of its process stop, would
 * fail on each photo. */
static bool try_model(struct matting_state *out, struct error *err)
{
    const struct decoder_ready *ready = &pool.process.state;
    struct image grey = { 0 };
    struct cut_mask mask = { 0 };
    struct error why;
    bool good;

    *out = (struct matting_state){ .width = ready->model.width,
                                   .height = ready->model.height,
                                   .memory = ready->model.memory,
                                   .seccomp_error = ready->seccomp_error };
    if (ready->model.memory > memory_budget_state().limit) {
        error_set(err, ERROR_CONFIG,
                  "the cut-out model may use %llu MB for an image; --memory allows %llu MB",
                  (unsigned long long)ready->model.memory >> 20,
                  (unsigned long long)memory_budget_state().limit >> 20);
        return error_hint(err, "Raise --memory, or set memory_mb in the file of the model's name "
                               "with .json added.");
    }
    if (!image_new(out->width, out->height, 3, &grey, err)) {
        return false;
    }
    memset(grey.pixels, 128, (size_t)out->width * (size_t)out->height * 3);
    out->trial_us = clock_mono_us();
    good = mask_scaled(&grey, &mask, err);
    out->trial_us = (clock_mono_us() - out->trial_us) / 2;
    cut_mask_free(&mask);
    image_free(&grey);
    if (good) {
        return true;
    }
    why = *err;
    error_set(err, ERROR_CONFIG, "the cut-out model '%.120s' cannot be used: %.180s", pool.model,
              why.text);
    return error_hint(err, "Check the model and its JSON file; raise memory_mb or seconds there if "
                           "its process was ended.");
}

/* A file that ends the process while it is loaded is no better than one that is refused. */
static bool load_model(struct error *err)
{
    struct error why;

    if (ensure_ready(err)) {
        return true;
    }
    if (err->kind != ERROR_CONFIG) {
        why = *err;
        error_set(err, ERROR_CONFIG, "the cut-out model '%.120s' cannot be loaded: %.150s",
                  pool.model, why.text);
        error_hint(err, "Check that the files of --cutout-model and --cutout-runtime are complete "
                        "and of versions that fit each other.");
    }
    return false;
}

bool matting_pool_open(const struct matting_config *config, struct matting_state *out,
                       struct error *err)
{
    if (!complete_path(config->model, "cutout-model", &pool.model, err) ||
        (config->library &&
         !complete_path(config->library, "cutout-runtime", &pool.library, err))) {
        matting_pool_close();
        return false;
    }
    pool.argv[0] = "darkroom";
    pool.argv[1] = MATTING_COMMAND;
    pool.argv[2] = pool.model;
    pool.argv[3] = pool.library ? pool.library : "";
    pool.open = true;
    if (!load_model(err) || !try_model(out, err)) {
        matting_pool_close();
        return false;
    }
    cut_mask_source_set(find_mask);
    return true;
}

void matting_pool_close(void)
{
    cut_mask_source_set(NULL);
    if (pool.open) {
        decoder_process_end(&pool.process);
    }
    free(pool.model);
    free(pool.library);
    pool.model = pool.library = NULL;
    pool.open = false;
}

/* evaluate.c - parses, decodes and checks one response. */
#include "bench/load/evaluate.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "bench/load/image_checks.h"
#include "bench/load/keep_images.h"
#include "bench/packs/packs.h"
#include "image/compose.h"
#include "image/resize.h"
#include "model/features.h"

enum { THUMBNAIL_EDGE = 192 };

static void make_thumbnail(const struct image *image, struct blob *out)
{
    int longer = image->width > image->height ? image->width : image->height;
    struct image flat = { 0 }, small = { 0 };
    struct error ignored;

    if (image_flatten(image, &flat, &ignored) &&
        image_cover(&flat, image->width * THUMBNAIL_EDGE / longer + 1,
                    image->height * THUMBNAIL_EDGE / longer + 1, &small, &ignored) &&
        !image_encode_jpeg(&small, 80, false, out, &ignored)) {
        *out = (struct blob){ 0 };
    }
    image_free(&flat);
    image_free(&small);
}

static void note_image(const struct blob *file, struct sample *sample)
{
    char digest[DIGEST_TEXT];

    digest_hex(file->data, file->size, digest);
    snprintf(sample->sha256, sizeof sample->sha256, "%.16s", digest);
}

/* Notes why a worker would not store the image. */
static void judge(struct evaluation *evaluation, const struct blob *file)
{
    struct sample *sample = evaluation->sample;
    struct error why;

    if (evaluation->image_job && !packs_accept(evaluation->image_job, file, &why)) {
        snprintf(sample->rejection, sizeof sample->rejection, "%.119s", why.text);
    }
}

static bool evaluate_image(struct evaluation *evaluation, struct blob *file, struct error *err)
{
    struct sample *sample = evaluation->sample;
    struct size want = evaluation->model_request->size;
    int64_t began = clock_thread_cpu_us();
    struct image image = { 0 };
    struct image_facts facts;
    bool good = image_decode(file, NULL, &image, &facts, err);

    if (!good) {
        err->kind = ERROR_OUTPUT;
        return false;
    }
    sample->width = image.width;
    sample->height = image.height;
    good = image_checks_run(&(struct check_subject){ .image = &image,
                                                     .facts = facts,
                                                     .file_bytes = file->size,
                                                     .target_width = want.width,
                                                     .target_height = want.height },
                            &sample->checks_failed, err);
    sample->checked = true;
    sample->check_us = clock_thread_cpu_us() - began + image.storage.decoder_cpu_us;
    note_image(file, sample); /* from here on nothing is measured */
    if (evaluation->thumbnail) {
        make_thumbnail(&image, &sample->thumbnail);
    }
    if (good) {
        judge(evaluation, file);
    }
    if (good && evaluation->images_folder) {
        keep_image(evaluation->images_folder, evaluation->target->name, file, facts.format, sample);
    }
    if (good && evaluation->return_image) {
        evaluation->image = blob_move(file);
        evaluation->image_format = facts.format;
    }
    image_free(&image);
    return good;
}

static bool evaluate_text(struct evaluation *evaluation, const struct blob *content,
                          struct error *err)
{
    struct arena *arena = evaluation->model_request->arena;
    struct brief brief = { .feature_count = 0 };
    int64_t began = clock_thread_cpu_us();
    const char *canonical;
    bool good = features_read(arena_bytes(arena, content->data, content->size), arena, &brief,
                              &canonical, err);

    evaluation->sample->check_us = clock_thread_cpu_us() - began;
    return good;
}

static bool parse_and_check(struct evaluation *evaluation, struct error *err)
{
    const struct target *target = evaluation->target;
    struct sample *sample = evaluation->sample;
    struct model_result result = { .usage = USAGE_UNKNOWN };
    int64_t began = clock_thread_cpu_us();
    enum read_result reading =
        target->provider->read_response(evaluation->model_request, evaluation->op, &result, err);
    bool good = reading == READ_DONE;

    if (reading == READ_POLL_AGAIN) {
        error_set(err, ERROR_INTERNAL, "bench does not measure models whose results are polled");
    }
    sample->read_us = clock_thread_cpu_us() - began;
    blob_free(&evaluation->op->http_response.body);
    sample->usage = result.usage;
    if (result.request_id[0]) {
        snprintf(sample->request_id, sizeof sample->request_id, "%s", result.request_id);
    }
    if (good) { /* the response is billed even if it is unusable */
        sample->cost_microusd =
            catalog_cost(target->model, &result.usage, target->task == TASK_TEXT ? 0 : 1);
        good = target->task == TASK_TEXT ? evaluate_text(evaluation, &result.content, err)
                                         : evaluate_image(evaluation, &result.content, err);
    }
    blob_free(&result.content);
    return good;
}

bool evaluate_answer(void *arg, struct error *err)
{
    struct evaluation *evaluation = arg;
    struct sample *sample = evaluation->sample;
    struct error verdict = { .kind = ERROR_NONE };

    (void)err;
    if (!parse_and_check(evaluation, &verdict)) {
        snprintf(sample->error, sizeof sample->error, "%.199s", verdict.text);
    }
    sample->outcome = outcome_of(&verdict, sample->status, false);
    sample->accepted = sample->outcome == OUTCOME_OK && !sample->rejection[0];
    return true;
}

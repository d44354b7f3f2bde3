/* image_judge.c - runs the checks that the rules name on a finished image. */
#include <string.h>

#include "jobs/seller_message.h"
#include "jobs/types/image_job.h"

/* The longer side of the photo that checks compare with: label text stays legible. */
enum { PHOTO_EDGE = 2048 };

/* Decodes the photo again, as the model got it: its pixels are not kept while the model works. */
static bool decode_photo(const struct image_job *image_job, struct image *out)
{
    struct image_bounds bounds = { .max_bytes = 64u << 20,
                                   .max_pixels = 40 * 1000 * 1000,
                                   .least_edge = PHOTO_EDGE / 2,
                                   .work_bytes = 4 };
    struct error ignored;

    return image_job->has_photo_print && image_job->model_photo.size > 0 &&
           image_decode(&image_job->model_photo, &bounds, out, NULL, &ignored);
}

static bool any_needs_photo(const struct image_rules *rules)
{
    for (int i = 0; i < rules->check_count; i++) {
        const struct check *check = check_find(rules->checks[i].check);

        if (check && check->needs_photo) {
            return true;
        }
    }
    return false;
}

/* Tells which check failed, for the message to the seller. */
static void set_cause(const struct image_job *image_job, struct error *err)
{
    for (int i = 0; i < image_job->finding_count; i++) {
        if (err->kind == ERROR_OUTPUT && err->cause == CAUSE_UNKNOWN &&
            !image_job->findings[i].passed) {
            err->cause = (int)seller_cause_of_check(image_job->findings[i].check);
        }
    }
}

bool image_job_check(struct image_job *image_job, const struct image *image,
                     const struct image_facts *facts, struct error *err)
{
    const struct image_rules *rules = image_job->rules;
    struct check_limits limits[RULE_CHECKS];
    struct image photo = { 0 };
    struct check_subject subject = { .image = image,
                                     .facts = *facts,
                                     .file_bytes = image_job->file.size,
                                     .coverage = image_job->composed.coverage,
                                     .of_photo = image_job->local,
                                     .target_width = image_job->output_size.width,
                                     .target_height = image_job->output_size.height };
    bool good;

    for (int i = 0; i < rules->check_count; i++) {
        limits[i].check = rules->checks[i].check;
        memcpy(limits[i].limits, rules->checks[i].limits, sizeof limits[i].limits);
    }
    if (!image_job->local && any_needs_photo(rules) && decode_photo(image_job, &photo)) {
        subject.photo = &photo;
    }
    image_job->finding_count = rules->check_count;
    good = checks_run(&subject, limits, rules->check_count, image_job->findings, err);
    image_free(&photo);
    if (!good) {
        set_cause(image_job, err);
    }
    return good;
}

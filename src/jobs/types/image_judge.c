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

/* Whether the check looks for text of the model: on the plate of a composed image, whose own text
 * is darkroom's; not at all if the model was asked for text. */
static bool is_for_plate(const struct image_job *image_job, const char *check)
{
    return (image_job->layout || image_job->painted) && strcmp(check, "foreign_text") == 0;
}

/* Chooses the rules' checks of the plate, or of the image. Returns their number. */
static int choose_checks(const struct image_job *image_job, bool plate, struct check_limits *out)
{
    const struct image_rules *rules = image_job->rules;
    int count = 0;

    for (int i = 0; i < rules->check_count; i++) {
        if (is_for_plate(image_job, rules->checks[i].check) == plate) {
            out[count].check = rules->checks[i].check;
            memcpy(out[count++].limits, rules->checks[i].limits, sizeof out->limits);
        }
    }
    return count;
}

static bool any_needs_photo(const struct check_limits *limits, int count)
{
    for (int i = 0; i < count; i++) {
        const struct check *check = check_find(limits[i].check);

        if (check && check->needs_photo) {
            return true;
        }
    }
    return false;
}

/* A model that takes no photos draws the product from its description: comparing it with the photo
 * would reject every image, after it was paid. */
static bool model_saw_photo(const struct image_job *image_job)
{
    const struct text_only *text_only = &image_job->project.brief.text_only;

    if (text_only->wanted) {
        return text_only->plate_photos > 0;
    }
    return !image_job->request.model || image_job->request.photo_count > 0;
}

/* Adds the findings to those of the job. */
static bool run(struct image_job *image_job, struct check_subject *subject, bool plate,
                struct error *err)
{
    struct check_limits limits[RULE_CHECKS];
    int count = choose_checks(image_job, plate, limits);
    struct image photo = { 0 };
    bool good;

    subject->of_photo = image_job->local;
    subject->target_width = image_job->output_size.width;
    subject->target_height = image_job->output_size.height;
    if (!image_job->local && model_saw_photo(image_job) && any_needs_photo(limits, count) &&
        decode_photo(image_job, &photo)) {
        subject->photo = &photo;
    }
    good = checks_run(subject, limits, count, image_job->findings + image_job->finding_count, err);
    image_job->finding_count += count;
    image_free(&photo);
    if (!good) {
        set_cause(image_job, err);
    }
    return good;
}

bool image_job_check_plate(struct image_job *image_job, const struct image *plate,
                           struct error *err)
{
    struct check_subject subject = { .image = plate };

    return image_job->painted || run(image_job, &subject, true, err);
}

bool image_job_check(struct image_job *image_job, const struct image *image,
                     const struct image_facts *facts, struct error *err)
{
    struct check_subject subject = { .image = image,
                                     .facts = *facts,
                                     .file_bytes = image_job->file.size,
                                     .received_blocks = image_job->received_blocks,
                                     .coverage = image_job->composed.coverage };

    return run(image_job, &subject, false, err);
}

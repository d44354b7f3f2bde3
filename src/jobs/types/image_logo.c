/* image_logo.c - fetches and decodes the logo of the brand kit, or of the batch. */
#include "jobs/types/image_logo.h"

#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "jobs/types/image_job.h"

/* A logo of 4 MB is a print file; more are not worth their download for each image. */
enum { LOGO_MAX_BYTES = 8 << 20, LOGO_EDGE = 1200 };

static const struct image_bounds logo_bounds = { .from_seller = true,
                                                 .max_bytes = LOGO_MAX_BYTES,
                                                 .max_pixels = 40 * 1000 * 1000,
                                                 .enough_edge = LOGO_EDGE,
                                                 .work_bytes = 8 };

static void leave_out(struct image_job *image_job, const struct error *why)
{
    blob_free(&image_job->logo.file);
    snprintf(image_job->logo.problem, sizeof image_job->logo.problem, "%.199s", why->text);
}

/* Takes the logo that the batch brings along. */
static void take_logo_of_batch(struct image_job *image_job, const char *letters)
{
    struct blob *file = &image_job->logo.file;
    struct error why;

    if (!blob_new(file, base64_decoded_max(strlen(letters)), &why)) {
        leave_out(image_job, &why);
    } else if (!base64_decode(letters, strlen(letters), file->data, &file->size)) {
        error_set(&why, ERROR_INPUT, "the logo of the batch is not base64");
        leave_out(image_job, &why);
    }
}

bool image_job_fetch_logo(struct job *job, struct error *err)
{
    struct image_job *image_job = job->state;
    const struct job_context *job_context = job->context;
    const struct brief *brief = &image_job->project.brief;
    struct fetch_scope scope = { .kind = FETCH_PHOTO, .user_id = brief->user_id };

    blob_free(&image_job->logo.file);
    if (image_job->layout && brief->text_only.logo[0] != '\0') {
        take_logo_of_batch(image_job, brief->text_only.logo);
        return true;
    }
    if (!image_job->layout || brief->brand.logo_url[0] == '\0') {
        return true;
    }
    if (!fetch_begin(job_context->store, &job_context->store_target, brief->brand.logo_url, &scope,
                     job->arena, &job->op, err)) {
        leave_out(image_job, err);
        op_clear(&job->op);
    }
    return true;
}

enum transition image_job_fetch_logo_end(struct job *job, struct error *err)
{
    struct image_job *image_job = job->state;
    struct blob *file = &image_job->logo.file;

    *err = job->op.error;
    if (err->kind == ERROR_STOPPED) {
        return TRANSITION_FAIL;
    }
    if (err->kind != ERROR_NONE ||
        !fetch_done(job->context->store, &job->context->store_target, &job->op, file, err)) {
        leave_out(image_job, err);
    } else if (file->size > LOGO_MAX_BYTES) {
        error_set(err, ERROR_INPUT, "the logo has more than %d bytes", LOGO_MAX_BYTES);
        leave_out(image_job, err);
    }
    err->kind = ERROR_NONE;
    return TRANSITION_NEXT;
}

bool image_job_decode_logo(struct image_job *image_job, struct image *out)
{
    struct error why;

    if (image_job->logo.file.size == 0) {
        return false;
    }
    if (image_decode(&image_job->logo.file, &logo_bounds, out, NULL, &why)) {
        return true;
    }
    leave_out(image_job, &why);
    return false;
}

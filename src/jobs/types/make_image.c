/* make_image.c - generate-image, regenerate-image: one row of job_queue becomes one checked, stored
 * image.
 *
 *   brief > photo > learn > share > develop > inspect > keep > settle */
#include "jobs/engine/model_call.h"
#include "jobs/types/image_job.h"

static bool brief_begin(struct job *job, struct error *err)
{
    return image_job_read_payload(job, job->claimed.payload, err) && project_load(job, err);
}

static enum transition brief_end(struct job *job, struct error *err)
{
    enum transition next = project_load_end(job, err);

    return next == TRANSITION_NEXT && !image_job_check_project(job->state, err) ? TRANSITION_FAIL
                                                                                : next;
}

static enum transition photo_end(struct job *job, struct error *err)
{
    return image_job_fetch_photo_end(job, err) ? TRANSITION_NEXT : TRANSITION_FAIL;
}

static bool develop_begin(struct job *job, struct error *err)
{
    struct image_job *image_job = job->state;

    if (image_job->local) {
        return true;
    }
    return model_endpoint_for(job->context, image_job->project.brief.make.model,
                              &image_job->endpoint, err) &&
           image_job_build_request(job, err) &&
           model_call_begin(job, &image_job->endpoint, &image_job->order, err);
}

static enum transition develop_end(struct job *job, struct error *err)
{
    struct image_job *image_job = job->state;

    blob_free(&image_job->result.content);
    return model_call_read(job, &image_job->order, image_job->rules->rounds, &image_job->result,
                           err);
}

static enum transition inspect_end(struct job *job, struct error *err)
{
    struct image_job *image_job = job->state;

    if (image_job->verdict.kind == ERROR_NONE) {
        return TRANSITION_NEXT;
    }
    *err = image_job->verdict;
    if (image_job->local || err->kind != ERROR_OUTPUT) {
        return TRANSITION_FAIL;
    }
    image_job->correction = arena_text(job->arena, err->text);
    return model_call_rejected(job, image_job->rules->rounds, err);
}

static bool settle_begin(struct job *job, struct error *err)
{
    struct image_row row;

    if (!image_job_row(job, &row, err)) {
        return false;
    }
    queue_settle_image(&job->op, job->arena, &job->holder, &row,
                       job->attempt.id ? &job->attempt : NULL);
    return true;
}

static enum transition settle_end(struct job *job, struct error *err)
{
    return queue_settle_done(&job->op, err) ? TRANSITION_NEXT : TRANSITION_FAIL;
}

static const struct step steps[] = {
    { .name = "brief", .begin = brief_begin, .end = brief_end },
    { .name = "photo", .begin = image_job_fetch_photo, .end = photo_end, .flags = STEP_ON_POOL },
    { .name = "learn",
      .begin = project_extract_features,
      .end = project_extract_features_end,
      .flags = STEP_PAID },
    { .name = "share", .begin = project_save_features, .end = project_save_features_end },
    { .name = "develop",
      .begin = develop_begin,
      .end = develop_end,
      .flags = STEP_PAID | STEP_ON_POOL },
    { .name = "inspect", .begin = image_job_validate, .end = inspect_end },
    { .name = "keep",
      .begin = image_job_upload,
      .end = image_job_upload_end,
      .flags = STEP_RETRY_IN_PLACE },
    { .name = "settle", .begin = settle_begin, .end = settle_end, .flags = STEP_RETRY_IN_PLACE },
};

/* The same way; where its image goes, the database decides: beside the old one, as a candidate. */
const struct job_type job_type_regenerate_image = {
    .name = "regenerate-image",
    .steps = steps,
    .step_count = sizeof steps / sizeof *steps,
    .state_size = sizeof(struct image_job),
    .clear = image_job_clear,
};

const struct job_type job_type_make_image = {
    .name = "generate-image",
    .steps = steps,
    .step_count = sizeof steps / sizeof *steps,
    .state_size = sizeof(struct image_job),
    .clear = image_job_clear,
};

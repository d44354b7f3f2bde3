/* make_image.c - generate-image and regenerate-image: makes one image, validates and stores it.
 *
 * The two differ only in the database: it stores a regenerated image as a candidate beside the
 * current one. */
#include "base/log.h"
#include "jobs/engine/model_call.h"
#include "jobs/seller_message.h"
#include "jobs/types/image_rejection.h"
#include "jobs/types/image_source.h"
#include "jobs/types/image_text_only.h"
#include "jobs/types/image_texts.h"

enum { FETCH_PHOTO_ROW = 1 }; /* of `steps` */

static bool load_begin(struct job *job, struct error *err)
{
    return image_job_read_payload(job, job->claimed.payload, err) && project_load(job, err);
}

static enum transition load_end(struct job *job, struct error *err)
{
    enum transition next = project_load_end(job, err);

    return next == TRANSITION_NEXT && (!image_job_begin_text_only(job->state, job->arena, err) ||
                                       !image_job_check_project(job->state, job->arena, err) ||
                                       !image_job_choose_source(job, err))
               ? TRANSITION_FAIL
               : next;
}

static bool generate_begin(struct job *job, struct error *err)
{
    struct image_job *image_job = job->state;

    if (image_job->local || image_job->project.brief.text_only.wanted) {
        return true;
    }
    return model_endpoint_for(job->context, image_job->project.brief.batch.model,
                              &image_job->endpoint, err) &&
           image_job_build_request(job, err) &&
           model_call_begin(job, &image_job->endpoint, &image_job->request, err);
}

static enum transition generate_end(struct job *job, struct error *err)
{
    struct image_job *image_job = job->state;

    blob_free(&image_job->result.content);
    photo_log_model_failure(job, image_job);
    return model_call_read(job, &image_job->request, image_job->rules->max_calls,
                           &image_job->result, err);
}

static void log_missing_font(const struct job *job, const struct image_job *image_job)
{
    if (image_job->layout && image_job->composition.font_missing) {
        log_event(LOG_INFO, "font of the brand kit not found; the built-in font is used",
                  (struct log_field[]){
                      LOG_TEXT_FIELD("job", job->holder.job_id),
                      LOG_TEXT_FIELD("font", image_job->project.brief.brand.font_family),
                      LOG_TEXT_FIELD("hint", "Add its file to the folder of --fonts.") },
                  3);
    }
}

static enum transition validate_end(struct job *job, struct error *err)
{
    struct image_job *image_job = job->state;

    photo_log_model_failure(job, image_job);
    if (image_job->verdict.kind == ERROR_NONE) {
        log_missing_font(job, image_job);
        return TRANSITION_NEXT;
    }
    *err = image_job->verdict;
    if (image_job->local && !image_job->photo_only && job->context->main_image == MAIN_AUTO &&
        (err->kind == ERROR_OUTPUT || err->cause == (int)CAUSE_NO_CUT_OUT)) {
        image_job->cut_out_failed = true; /* the model makes the image instead */
        job->jump_row = FETCH_PHOTO_ROW;
        return TRANSITION_JUMP;
    }
    if (image_job->local || image_job->project.brief.text_only.wanted ||
        err->kind != ERROR_OUTPUT) {
        return TRANSITION_FAIL;
    }
    image_job->correction = arena_text(job->arena, err->text);
    job->attempt.rejection = image_job_rejection(job, image_job);
    return model_call_rejected(job, image_job->rules->max_calls, err);
}

static bool commit_begin(struct job *job, struct error *err)
{
    struct image_row row;

    if (!image_job_row(job, &row, err)) {
        return false;
    }
    queue_commit_image(&job->op, job->arena, &job->holder, &row,
                       job->attempt.id ? &job->attempt : NULL);
    return true;
}

static const struct step steps[] = {
    { .name = "load_project", .begin = load_begin, .end = load_end },
    { .name = "fetch_photo",
      .begin = image_job_fetch_photo,
      .end = image_job_fetch_photo_end,
      .flags = STEP_ON_POOL | STEP_USES_STORE | STEP_OPTIONAL },
    { .name = "fetch_logo",
      .begin = image_job_fetch_logo,
      .end = image_job_fetch_logo_end,
      .flags = STEP_ON_POOL | STEP_OPTIONAL },
    { .name = "extract_features",
      .begin = project_extract_features,
      .end = project_extract_features_end,
      .flags = STEP_PAID,
      .former_name = "learn" },
    { .name = "save_features", .begin = project_save_features, .end = project_save_features_end },
    { .name = "translate",
      .begin = image_job_translate,
      .end = image_job_translate_end,
      .flags = STEP_PAID },
    { .name = "check_texts", .begin = image_job_check_texts, .end = image_job_check_texts_end },
    { .name = "fetch_plate",
      .begin = image_job_fetch_plate,
      .end = image_job_fetch_plate_end,
      .flags = STEP_ON_POOL | STEP_USES_STORE | STEP_OPTIONAL },
    { .name = "generate",
      .begin = generate_begin,
      .end = generate_end,
      .flags = STEP_PAID | STEP_ON_POOL,
      .former_name = "develop" },
    { .name = "validate", .begin = image_job_validate, .end = validate_end },
    { .name = "upload",
      .begin = image_job_upload,
      .end = image_job_upload_end,
      .flags = STEP_RETRY_IN_PLACE | STEP_USES_STORE },
    { .name = "commit",
      .begin = commit_begin,
      .end = project_commit_end,
      .flags = STEP_RETRY_IN_PLACE },
};

const struct job_type job_type_regenerate_image = {
    .name = "regenerate-image",
    .needs = NEEDS_OWN_MODEL | NEEDS_STORE,
    .steps = steps,
    .step_count = sizeof steps / sizeof *steps,
    .state_size = sizeof(struct image_job),
    .clear = image_job_clear,
    .discard = image_job_discard,
};

const struct job_type job_type_make_image = {
    .name = "generate-image",
    .needs = NEEDS_IMAGE_MODEL | NEEDS_STORE,
    .steps = steps,
    .step_count = sizeof steps / sizeof *steps,
    .state_size = sizeof(struct image_job),
    .clear = image_job_clear,
    .discard = image_job_discard,
};

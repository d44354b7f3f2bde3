/* make_image.c - generate-image, regenerate-image: one row of job_queue becomes one checked, stored
 * image.
 *
 *   brief > photo > learn > share > develop > inspect > keep > settle */
#include "jobs/engine/model_call.h"
#include "jobs/types/image_job.h"

static bool brief_begin(struct job *job, struct error *err)
{
    return picture_wish(job, job->claimed.payload, err) && project_brief(job, err);
}

static enum next brief_end(struct job *job, struct error *err)
{
    enum next next = project_brief_end(job, err);

    return next == NEXT_STEP && !picture_possible(job->state, err) ? NEXT_FAIL : next;
}

static enum next photo_end(struct job *job, struct error *err)
{
    return picture_photo_end(job, err) ? NEXT_STEP : NEXT_FAIL;
}

static bool develop_begin(struct job *job, struct error *err)
{
    struct picture *picture = job->state;

    if (picture->by_us) {
        return true;
    }
    return model_endpoint_for(job->context, picture->project.brief.make.model, &picture->caller,
                              err) &&
           picture_order(job, err) && call_begin(job, &picture->caller, &picture->order, err);
}

static enum next develop_end(struct job *job, struct error *err)
{
    struct picture *picture = job->state;

    blob_free(&picture->result.content);
    return call_take(job, &picture->order, picture->rules->rounds, &picture->result, err);
}

static enum next inspect_end(struct job *job, struct error *err)
{
    struct picture *picture = job->state;

    if (picture->verdict.kind == ERROR_NONE) {
        return NEXT_STEP;
    }
    *err = picture->verdict;
    if (picture->by_us || err->kind != ERROR_OUTPUT) {
        return NEXT_FAIL;
    }
    picture->again = arena_text(job->arena, err->text);
    return call_turned_down(job, picture->rules->rounds, err);
}

static bool settle_begin(struct job *job, struct error *err)
{
    struct image_row row;

    if (!picture_row(job, &row, err)) {
        return false;
    }
    queue_settle_image(&job->op, job->arena, &job->by, &row,
                       job->attempt.id ? &job->attempt : NULL);
    return true;
}

static enum next settle_end(struct job *job, struct error *err)
{
    return queue_settle_done(&job->op, err) ? NEXT_STEP : NEXT_FAIL;
}

static const struct step steps[] = {
    { .name = "brief", .begin = brief_begin, .end = brief_end },
    { .name = "photo", .begin = picture_photo, .end = photo_end, .flags = STEP_HEAVY },
    { .name = "learn", .begin = project_learn, .end = project_learn_end, .flags = STEP_PAID },
    { .name = "share", .begin = project_share, .end = project_share_end },
    { .name = "develop",
      .begin = develop_begin,
      .end = develop_end,
      .flags = STEP_PAID | STEP_HEAVY },
    { .name = "inspect", .begin = picture_inspect, .end = inspect_end },
    { .name = "keep", .begin = picture_put, .end = picture_put_end, .flags = STEP_TOUGH },
    { .name = "settle", .begin = settle_begin, .end = settle_end, .flags = STEP_TOUGH },
};

/* The same way; where its image goes, the database decides: beside the old one, as a candidate. */
const struct job_type job_type_regenerate_image = {
    .name = "regenerate-image",
    .steps = steps,
    .step_count = sizeof steps / sizeof *steps,
    .state_size = sizeof(struct picture),
    .clear = picture_clear,
};

const struct job_type job_type_make_image = {
    .name = "generate-image",
    .steps = steps,
    .step_count = sizeof steps / sizeof *steps,
    .state_size = sizeof(struct picture),
    .clear = picture_clear,
};

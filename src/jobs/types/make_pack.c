/* make_pack.c - generate-complete-pack: learns the product's features once, then queues the six
 * images, and A+ where asked. */
#include "jobs/types/project.h"

struct pack_state {
    struct project_state project; /* first: the shared steps see it */
};

static bool payload_begin(struct job *job, struct error *err)
{
    struct pack_state *state = job->state;

    state->project.wants_features = true;
    return payload_read_pack(job->claimed.payload, job->arena, &state->project.payload, err);
}

static bool brief_begin(struct job *job, struct error *err)
{
    return payload_begin(job, err) && project_load(job, err);
}

static bool settle_begin(struct job *job, struct error *err)
{
    const struct pack_state *state = job->state;

    (void)err;
    queue_settle_pack(&job->op, job->arena, &job->holder, state->project.payload.include_aplus,
                      job->attempt.id ? &job->attempt : NULL);
    return true;
}

static enum transition settle_end(struct job *job, struct error *err)
{
    return queue_settle_done(&job->op, err) ? TRANSITION_NEXT : TRANSITION_FAIL;
}

static const struct step steps[] = {
    { .name = "brief", .begin = brief_begin, .end = project_load_end },
    { .name = "learn",
      .begin = project_extract_features,
      .end = project_extract_features_end,
      .flags = STEP_PAID },
    { .name = "share", .begin = project_save_features, .end = project_save_features_end },
    { .name = "settle", .begin = settle_begin, .end = settle_end, .flags = STEP_RETRY_IN_PLACE },
};

const struct job_type job_type_make_pack = {
    .name = "generate-complete-pack",
    .steps = steps,
    .step_count = sizeof steps / sizeof *steps,
    .state_size = sizeof(struct pack_state),
};

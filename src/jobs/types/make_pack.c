/* make_pack.c - generate-complete-pack: extracts the product's features once, then queues the six
 * images and, if the payload asks for it, A+ content. */
#include "jobs/types/project.h"

struct pack_state {
    struct project_state project; /* first: the steps of project.c use it */
};

static bool load_begin(struct job *job, struct error *err)
{
    struct pack_state *state = job->state;
    const struct image_rules *rules;
    const char *marketplace;

    state->project.wants_features = true;
    return payload_read_pack(job->claimed.payload, job->arena, &state->project.payload, err) &&
           project_rules(job->context, &state->project.payload, MAIN_IMAGE, &marketplace, &rules,
                         err) &&
           project_load(job, err);
}

static bool commit_begin(struct job *job, struct error *err)
{
    const struct pack_state *state = job->state;

    (void)err;
    queue_commit_pack(&job->op, job->arena, &job->holder, state->project.payload.include_aplus,
                      job->attempt.id ? &job->attempt : NULL);
    return true;
}

static const struct step steps[] = {
    { .name = "load_project", .begin = load_begin, .end = project_load_end },
    { .name = "extract_features",
      .begin = project_extract_features,
      .end = project_extract_features_end,
      .flags = STEP_PAID,
      .former_name = "learn" },
    { .name = "save_features", .begin = project_save_features, .end = project_save_features_end },
    { .name = "commit",
      .begin = commit_begin,
      .end = project_commit_end,
      .flags = STEP_RETRY_IN_PLACE },
};

const struct job_type job_type_make_pack = {
    .name = "generate-complete-pack",
    .needs = NEEDS_FEATURES_MODEL,
    .steps = steps,
    .step_count = sizeof steps / sizeof *steps,
    .state_size = sizeof(struct pack_state),
};

/* make_aplus.c - generate-aplus: generates A+ text modules, validates them against all rules, and
 * queues a job for each module image if the payload asks for images. */
#include "jobs/engine/model_call.h"
#include "jobs/types/project.h"
#include "model/aplus.h"

enum { MAX_CALLS = 3 }; /* an answer that violates a rule is sent back with the reason */

struct aplus_state {
    struct project_state project; /* first: the steps of project.c use it */
    struct model_request request;
    struct aplus content;
    const char *correction; /* the rules that the last answer violated; NULL at first */
};

static bool load_begin(struct job *job, struct error *err)
{
    struct aplus_state *state = job->state;
    const struct image_rules *rules;
    const char *marketplace;

    state->project.wants_features = true;
    return payload_read_aplus(job->claimed.payload, job->arena, &state->project.payload, err) &&
           project_rules(job->context, &state->project.payload, A_PLUS_MODULE, &marketplace, &rules,
                         err) &&
           project_load(job, err);
}

static bool generate_text_begin(struct job *job, struct error *err)
{
    struct aplus_state *state = job->state;
    const struct job_context *job_context = job->context;
    struct model_endpoint endpoint = job_context->aplus;
    bool premium = state->project.payload.is_premium;
    struct prompt prompt;

    if (!prompt_make(job_context->prompts, premium ? "aplus_premium" : "aplus",
                     &state->project.brief, state->correction, job_context->aplus.model->prompt_max,
                     job->arena, &prompt, err)) {
        return false;
    }
    state->request = (struct model_request){ .task = TASK_TEXT,
                                             .brief = &state->project.brief,
                                             .prompt = prompt.text,
                                             .schema_name = premium ? "aplus_premium" : "aplus",
                                             .schema = aplus_schema(premium),
                                             .max_output_tokens = 16000 };
    endpoint.model = model_in_use(job_context, endpoint.model);
    return model_call_begin(job, &endpoint, &state->request, err);
}

static enum transition generate_text_end(struct job *job, struct error *err)
{
    struct aplus_state *state = job->state;
    const char *json;
    enum transition next = model_call_read_text(job, &state->request, MAX_CALLS, &json, err);

    if (next != TRANSITION_NEXT) {
        return next;
    }
    if (aplus_read(json, state->project.payload.is_premium, &state->project.brief, job->arena,
                   &state->content, &state->correction, err)) {
        return TRANSITION_NEXT;
    }
    return model_call_rejected(job, MAX_CALLS, err);
}

static bool commit_begin(struct job *job, struct error *err)
{
    const struct aplus_state *state = job->state;
    const struct payload *payload = &state->project.payload;

    (void)err;
    queue_commit_aplus(&job->op, job->arena, &job->holder, state->content.modules,
                       payload->is_premium, state->content.requests,
                       payload->generate_images ? state->content.request_count : 0,
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
    { .name = "generate_text",
      .begin = generate_text_begin,
      .end = generate_text_end,
      .flags = STEP_PAID | STEP_ON_POOL,
      .former_name = "write" },
    { .name = "commit",
      .begin = commit_begin,
      .end = project_commit_end,
      .flags = STEP_RETRY_IN_PLACE },
};

const struct job_type job_type_make_aplus = {
    .name = "generate-aplus",
    .needs = NEEDS_APLUS_MODEL,
    .steps = steps,
    .step_count = sizeof steps / sizeof *steps,
    .state_size = sizeof(struct aplus_state),
};

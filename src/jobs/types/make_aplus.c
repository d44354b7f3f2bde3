/* make_aplus.c - generate-aplus: A+ text modules, checked against every rule, and a job of its own
 * for each module image that was asked for. */
#include "jobs/engine/model_call.h"
#include "jobs/types/project.h"
#include "model/aplus.h"

enum { ROUNDS = 3 }; /* what violates a rule is sent back to the model so often, all in all */

struct aplus_state {
    struct project_state project; /* first: the shared steps see it */
    struct model_request order;
    struct aplus content;
    const char *again; /* the rules that the last answer violated */
};

static bool brief_begin(struct job *job, struct error *err)
{
    struct aplus_state *state = job->state;

    state->project.wants_features = true;
    return payload_read_aplus(job->claimed.payload, job->arena, &state->project.payload, err) &&
           project_load(job, err);
}

static bool write_begin(struct job *job, struct error *err)
{
    struct aplus_state *state = job->state;
    const struct job_context *job_context = job->context;
    bool premium = state->project.payload.is_premium;
    struct prompt prompt;

    if (!prompt_make(job_context->prompts, premium ? "aplus_premium" : "aplus",
                     &state->project.brief, state->again, job_context->aplus.model->prompt_max,
                     job->arena, &prompt, err)) {
        return false;
    }
    state->order = (struct model_request){ .task = TASK_TEXT,
                                           .brief = &state->project.brief,
                                           .prompt = prompt.text,
                                           .schema_name = premium ? "aplus_premium" : "aplus",
                                           .schema = aplus_schema(premium),
                                           .max_output_tokens = 16000 };
    return model_call_begin(job, &job_context->aplus, &state->order, err);
}

static enum transition write_end(struct job *job, struct error *err)
{
    struct aplus_state *state = job->state;
    struct model_result result;
    enum transition next = model_call_read(job, &state->order, ROUNDS, &result, err);
    const char *json;

    if (next != TRANSITION_NEXT) {
        return next;
    }
    json = arena_bytes(job->arena, result.content.data, result.content.size);
    blob_free(&result.content);
    if (aplus_read(json, state->project.payload.is_premium, job->arena, &state->content,
                   &state->again, err)) {
        return TRANSITION_NEXT;
    }
    return model_call_rejected(job, ROUNDS, err);
}

static bool settle_begin(struct job *job, struct error *err)
{
    const struct aplus_state *state = job->state;
    const struct payload *payload = &state->project.payload;

    (void)err;
    queue_settle_aplus(&job->op, job->arena, &job->holder, state->content.modules,
                       payload->is_premium, state->content.wishes,
                       payload->generate_images ? state->content.wish_count : 0,
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
    { .name = "write", .begin = write_begin, .end = write_end, .flags = STEP_PAID | STEP_ON_POOL },
    { .name = "settle", .begin = settle_begin, .end = settle_end, .flags = STEP_RETRY_IN_PLACE },
};

const struct job_type job_type_make_aplus = {
    .name = "generate-aplus",
    .steps = steps,
    .step_count = sizeof steps / sizeof *steps,
    .state_size = sizeof(struct aplus_state),
};

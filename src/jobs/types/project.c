/* project.c - loads a project; extracts and saves its features. */
#include "jobs/types/project.h"

#include <string.h>

#include "jobs/engine/model_call.h"
#include "jobs/seller_message.h"
#include "model/features.h"

enum { MAX_CALLS = 3 }; /* an unusable list of features is requested again */

bool project_load(struct job *job, struct error *err)
{
    const struct project_state *state = job->state;

    (void)err;
    job->project_id = state->payload.project_id;
    queue_brief(&job->op, job->arena, &job->holder, job->context->unpaid);
    return true;
}

bool project_rules(const struct job_context *job_context, const struct payload *payload,
                   enum image_kind kind, const char **marketplace, const struct image_rules **rules,
                   struct error *err)
{
    char text[sizeof err->text];

    *marketplace = payload->marketplace ? payload->marketplace : job_context->marketplace;
    if (rules_for(job_context->rules, *marketplace, kind, rules, err)) {
        return true;
    }
    if (payload->marketplace) { /* the job is wrong, not the worker */
        memcpy(text, err->text, sizeof text);
        error_set(err, ERROR_INPUT, "payload: 'marketplace': %.280s", text);
    }
    return false;
}

enum transition project_load_end(struct job *job, struct error *err)
{
    const char *json;
    bool is_unpaid;

    if (!queue_brief_done(&job->op, &json, &is_unpaid, job->arena, err)) {
        err->cause = is_unpaid ? CAUSE_UNPAID : err->cause;
        return TRANSITION_FAIL;
    }
    return project_read_brief(job, json, err) ? TRANSITION_NEXT : TRANSITION_FAIL;
}

bool project_read_brief(struct job *job, const char *json, struct error *err)
{
    struct project_state *state = job->state;

    if (!brief_read(json, job->arena, &state->brief, err)) {
        err->cause = err->kind == ERROR_INPUT ? CAUSE_PROJECT_UNAVAILABLE : CAUSE_UNKNOWN;
        return false;
    }
    job->project_id = state->payload.project_id;
    job->product = state->brief.product_name;
    job->image = strstr(job->claimed.type, "-image") ? kind_name(state->payload.kind) : NULL;
    state->brief.kind = state->payload.kind;
    state->brief.style = state->payload.style ? state->payload.style : "";
    state->brief.module_request = state->payload.module_request;
    state->brief.subject = state->payload.subject;
    if (state->payload.dimensions) {
        brief_take_dimensions(&state->brief, state->payload.dimensions, job->arena);
    }
    return true;
}

static struct model_request features_request(const struct project_state *state, const char *prompt)
{
    return (struct model_request){ .task = TASK_TEXT,
                                   .brief = &state->brief,
                                   .prompt = prompt,
                                   .schema_name = "features",
                                   .schema = features_schema,
                                   .max_output_tokens = 4000 };
}

bool project_extract_features(struct job *job, struct error *err)
{
    struct project_state *state = job->state;
    struct model_endpoint endpoint = job->context->features;
    struct prompt prompt;
    struct model_request *request;

    if (!state->wants_features || state->brief.feature_count > 0) {
        return true; /* not wanted, or saved by another job of the project */
    }
    endpoint.model = model_in_use(job->context, endpoint.model);
    if (!prompt_make(job->context->prompts, "features", &state->brief, NULL,
                     endpoint.model->prompt_max, job->arena, &prompt, err)) {
        return false;
    }
    request = arena_alloc(job->arena, sizeof *request);
    *request = features_request(state, prompt.text);
    return model_call_begin(job, &endpoint, request, err);
}

enum transition project_extract_features_end(struct job *job, struct error *err)
{
    struct project_state *state = job->state;
    struct model_request request = features_request(state, "");
    enum transition next;
    const char *json;
    bool good;

    request.model = job->call.model;
    request.at = &job->context->features.endpoint;
    request.arena = job->arena;
    next = model_call_read_text(job, &request, MAX_CALLS, &json, err);
    if (next != TRANSITION_NEXT) {
        return next;
    }
    good = features_read(json, job->arena, &state->brief, &state->new_features, err);
    return good ? TRANSITION_NEXT : model_call_rejected(job, MAX_CALLS, err);
}

bool project_save_features(struct job *job, struct error *err)
{
    struct project_state *state = job->state;

    (void)err;
    brief_prefer_feature(&state->brief); /* for this job; what is saved are the extracted ones */
    if (state->new_features) {
        queue_save_features(&job->op, job->arena, &job->holder, state->new_features,
                            job->attempt.id ? &job->attempt : NULL);
    }
    return true;
}

enum transition project_save_features_end(struct job *job, struct error *err)
{
    if (!queue_commit_done(&job->op, err)) {
        return TRANSITION_FAIL;
    }
    job->attempt = (struct attempt){ 0 };
    job->call_index = 0; /* the next paid step counts its own calls */
    return TRANSITION_NEXT;
}

enum transition project_commit_end(struct job *job, struct error *err)
{
    return queue_commit_done(&job->op, err) ? TRANSITION_NEXT : TRANSITION_FAIL;
}

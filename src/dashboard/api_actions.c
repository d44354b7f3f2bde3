/* api_actions.c - /api/actions: retry and cancel, of one job or of up to a hundred, pause and
 * resume, each with a line in the log. */
#include <stdio.h>
#include <string.h>

#include "dashboard/dashboard_internal.h"
#include "model/catalog.h"

enum { NAME_BYTES = 200, REASON_BYTES = 300, MODELS_BYTES = 8000, JOBS_OF_REQUEST = 100 };

struct action {
    const char *name;      /* retry, cancel, pause or resume */
    const char *statement; /* of sql/queries */
    bool on_job; /* its only parameter is the id of a job; else kind and name of a pause */
};

static const struct action actions[] = {
    { "retry", "jobs_retry", true },
    { "cancel", "jobs_cancel", true },
    { "pause", "pause_claims", false },
    { "resume", "resume_claims", false },
};

static const struct action *find_action(const cJSON *body)
{
    const char *name = json_peek_text(body, "action");

    for (size_t i = 0; name && i < sizeof actions / sizeof *actions; i++) {
        if (strcmp(actions[i].name, name) == 0) {
            return &actions[i];
        }
    }
    return NULL;
}

/* The models of a provider, as an array of Postgres: {"a","b"}. Model ids come from the operator's
 * catalog. */
static void add_models(const struct catalog *catalog, const char *provider, struct text *out)
{
    const struct model *model;
    const char *separator = "";

    text_add_char(out, '{');
    for (int i = 0; (model = catalog_at(catalog, i)); i++) {
        if (strcmp(model->provider, provider) == 0 && !strpbrk(model->id, "\"\\")) {
            text_printf(out, "%s\"%s\"", separator, model->id);
            separator = ",";
        }
    }
    text_add_char(out, '}');
}

static bool run_on_job(struct dashboard *dashboard, const struct action *action, const cJSON *body,
                       cJSON **out, struct error *err)
{
    const char *job;

    if (!json_text(body, "job", &job, err)) {
        err->kind = ERROR_INPUT;
        return false;
    }
    return (is_job_id(job) || error_set(err, ERROR_INPUT, "this is not the id of a job")) &&
           session_pool_query(dashboard->pool, SESSION_WRITE, action->statement, 1, &job, out, err);
}

/* Counts an outcome in {"queued": 3, "failed": 1}. */
static void count_state(cJSON *states, const char *state)
{
    cJSON *count = cJSON_GetObjectItemCaseSensitive(states, state ? state : "unknown");

    if (count) {
        cJSON_SetNumberValue(count, count->valuedouble + 1);
    } else {
        cJSON_AddNumberToObject(states, state ? state : "unknown", 1);
    }
}

/* Each job in a transaction of its own. What was done before an error is part of the answer. */
static bool run_on_jobs(struct dashboard *dashboard, const struct action *action, const cJSON *jobs,
                        cJSON **out, struct error *err)
{
    cJSON *result = *out = cJSON_CreateObject(),
          *states = cJSON_AddObjectToObject(result, "states");
    const cJSON *job;
    double refunded = 0;

    if (!action->on_job || !cJSON_IsArray(jobs) || cJSON_GetArraySize(jobs) > JOBS_OF_REQUEST) {
        return error_set(err, ERROR_INPUT, "a request names at most %d jobs", JOBS_OF_REQUEST);
    }
    cJSON_ArrayForEach(job, jobs)
    {
        const char *params[] = { cJSON_GetStringValue(job) };
        cJSON *answer;
        bool good = (params[0] && is_job_id(params[0])) ||
                    error_set(err, ERROR_INPUT, "this is not the id of a job");

        if (!good || !session_pool_query(dashboard->pool, SESSION_WRITE, action->statement, 1,
                                         params, &answer, err)) {
            if (!states->child) {
                return false;
            }
            cJSON_AddStringToObject(result, "problem", err->text);
            break;
        }
        count_state(states, json_peek_text(answer, "state"));
        refunded += json_peek_number(answer, "refunded", 0);
        cJSON_Delete(answer);
    }
    cJSON_AddNumberToObject(result, "refunded", refunded);
    return true;
}

static bool run_on_claims(struct dashboard *dashboard, const struct action *action,
                          const cJSON *body, cJSON **out, struct error *err)
{
    const char *params[4];
    struct text models;
    bool good;

    if (!json_text(body, "kind", &params[0], err) || !json_text(body, "name", &params[1], err) ||
        !json_text_or(body, "reason", "", &params[2], err)) {
        err->kind = ERROR_INPUT;
        return false;
    }
    if (strlen(params[1]) > NAME_BYTES || strlen(params[2]) > REASON_BYTES) {
        return error_set(err, ERROR_INPUT, "the name or the reason is too long");
    }
    text_begin(&models, MODELS_BYTES);
    add_models(dashboard->config.catalog, params[1], &models);
    params[3] = models.data;
    if (strcmp(params[0], "provider") == 0 && strcmp(action->name, "pause") == 0 &&
        models.size <= 2) {
        good = error_set(err, ERROR_INPUT, "no model of the catalog is of the provider '%.60s'",
                         params[1]);
    } else {
        good = session_pool_query(dashboard->pool, SESSION_WRITE, action->statement,
                                  strcmp(action->name, "pause") == 0 ? 4 : 2, params, out, err);
    }
    text_end(&models);
    return good;
}

/* What an operator must be able to trace later. */
static void note_action(struct dashboard *dashboard, const struct action *action, const cJSON *body,
                        const cJSON *result, const struct error *err)
{
    const cJSON *jobs = cJSON_GetObjectItemCaseSensitive(body, "jobs");
    const char *state = json_peek_text(result, "state");
    char count[32] = "";

    if (jobs) {
        snprintf(count, sizeof count, "%d jobs", cJSON_GetArraySize(jobs));
    }
    dashboard_note(dashboard, "action of an operator on the dashboard",
                   (struct log_field[]){
                       LOG_TEXT_FIELD("action", action->name),
                       LOG_TEXT_FIELD("job", jobs ? count : json_peek_text(body, "job")),
                       LOG_TEXT_FIELD("kind", json_peek_text(body, "kind")),
                       LOG_TEXT_FIELD("name", json_peek_text(body, "name")),
                       LOG_TEXT_FIELD("reason", json_peek_text(body, "reason")),
                       LOG_TEXT_FIELD("result", state ? state
                                                : err ? err->text
                                                      : "done") },
                   6);
}

void serve_actions(struct dashboard_request *request, struct reply *reply)
{
    struct dashboard *dashboard = request->dashboard;
    const struct action *action;
    cJSON *body, *result = NULL;
    const cJSON *jobs;
    struct error err;
    bool good;

    if (!json_parse(request->body.data, request->body.size, "the request", &body, &err)) {
        reply_error(reply, MHD_HTTP_BAD_REQUEST, "The request is not JSON.");
        return;
    }
    action = find_action(body);
    if (!action) {
        reply_error(reply, MHD_HTTP_BAD_REQUEST,
                    "The action must be retry, cancel, pause or resume.");
    } else {
        jobs = cJSON_GetObjectItemCaseSensitive(body, "jobs");
        good = jobs             ? run_on_jobs(dashboard, action, jobs, &result, &err)
               : action->on_job ? run_on_job(dashboard, action, body, &result, &err)
                                : run_on_claims(dashboard, action, body, &result, &err);
        note_action(dashboard, action, body, result, good ? NULL : &err);
        if (good) {
            reply_json(reply, result);
        } else {
            reply_failure(reply, &err);
        }
    }
    cJSON_Delete(result);
    cJSON_Delete(body);
}

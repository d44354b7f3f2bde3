/* api_jobs.c - /api/jobs: search, pages and counts of jobs; /api/jobs/ID: one job; /api/jobs/plan:
 * what an action on all jobs that match would change. */
#include <string.h>

#include "dashboard/dashboard_internal.h"

enum { ID_TEXT = 36 };

static void serve_one(struct dashboard_request *request, const char *id, struct reply *reply)
{
    const char *params[] = { id };
    struct error err;
    cJSON *job;

    if (!is_job_id(id)) {
        reply_error(reply, MHD_HTTP_BAD_REQUEST, "This is not the id of a job.");
        return;
    }
    if (!session_pool_query(request->dashboard->pool, SESSION_READ, "dashboard_job", 1, params,
                            &job, &err)) {
        reply_failure(reply, &err);
        return;
    }
    if (cJSON_IsNull(job)) {
        reply_error(reply, MHD_HTTP_NOT_FOUND, "There is no job with this id.");
    } else {
        reply_json(reply, job);
    }
    cJSON_Delete(job);
}

/* The parameters as darkroom.dashboard_jobs reads them. */
static cJSON *search_of(const struct dashboard_request *request)
{
    static const char *const texts[] = { "state", "type", "text", "field", "afterTime", "afterId" };
    static const char *const flags[] = { "packs", "count" };
    cJSON *search = cJSON_CreateObject();

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *value = dashboard_parameter(request, texts[i]);

        if (value && value[0]) {
            cJSON_AddStringToObject(search, texts[i], value);
        }
    }
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        const char *value = dashboard_parameter(request, flags[i]);

        if (value && strcmp(value, "1") == 0) {
            cJSON_AddTrueToObject(search, flags[i]);
        }
    }
    return search;
}

/* False if the cursor of the page before is not one that the database wrote. */
static bool continues_a_page(const cJSON *search)
{
    const char *time = json_peek_text(search, "afterTime"), *id = json_peek_text(search, "afterId");

    return (!time && !id) ||
           (time && id && is_job_id(id) && time[strspn(time, "0123456789-+:. infty")] == '\0' &&
            strlen(time) < 40 && strlen(time) >= 8);
}

static void serve_page_of_jobs(struct dashboard_request *request, struct reply *reply)
{
    cJSON *search = search_of(request), *jobs;
    char *text = cJSON_PrintUnformatted(search);
    const char *params[] = { text };
    struct error err;

    if (!continues_a_page(search)) {
        reply_error(reply, MHD_HTTP_BAD_REQUEST, "This is not the end of a page of jobs.");
    } else if (session_pool_query(request->dashboard->pool, SESSION_READ, "dashboard_jobs", 1,
                                  params, &jobs, &err)) {
        reply_json(reply, jobs);
        cJSON_Delete(jobs);
    } else {
        reply_failure(reply, &err);
    }
    cJSON_free(text);
    cJSON_Delete(search);
}

static void serve_plan(struct dashboard_request *request, struct reply *reply)
{
    const char *action = dashboard_parameter(request, "action");
    cJSON *search = search_of(request);
    char *text = cJSON_PrintUnformatted(search);
    const char *params[] = { text, action };

    if (!action || (strcmp(action, "retry") != 0 && strcmp(action, "cancel") != 0)) {
        reply_error(reply, MHD_HTTP_BAD_REQUEST, "The action must be retry or cancel.");
    } else if (!json_peek_text(search, "text") && !json_peek_text(search, "type")) {
        reply_error(reply, MHD_HTTP_BAD_REQUEST, "Choose a type, or search for something, first.");
    } else {
        reply_query(request, "plan_of_jobs", 2, params, "There are no jobs.", reply);
    }
    cJSON_free(text);
    cJSON_Delete(search);
}

bool is_job_id(const char *text)
{
    static const char digits[] = "0123456789abcdef";

    for (int i = 0; i < ID_TEXT; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? text[i] != '-' : text[i] == '\0' || !strchr(digits, text[i])) {
            return false;
        }
    }
    return text[ID_TEXT] == '\0';
}

void serve_jobs(struct dashboard_request *request, struct reply *reply)
{
    const char *id = request->path + strlen("/api/jobs");

    if (strcmp(id, "/plan") == 0) {
        serve_plan(request, reply);
    } else if (*id == '/') {
        serve_one(request, id + 1, reply);
    } else {
        serve_page_of_jobs(request, reply);
    }
}

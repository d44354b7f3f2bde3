/* job_logs.c - the timeline of a job, from its row, its calls and its failures. */
#include "cli/jobs/job_logs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "cli/jobs/job_list.h"
#include "cli/jobs/job_show.h"
#include "term/table.h"
#include "term/term_wrap.h"

enum { LINE_BYTES = 1200, WORKERS = 8, WORKER_BYTES = 128 };

static void add_event(cJSON *events, const char *job, const char *at, const char *event,
                      const char *text)
{
    cJSON *row = cJSON_CreateObject();

    json_add_text(row, "job", job);
    json_add_text(row, "at", at);
    cJSON_AddStringToObject(row, "event", event);
    cJSON_AddStringToObject(row, "message", text);
    cJSON_AddItemToArray(events, row);
}

static void add_call(cJSON *events, const char *job, const cJSON *call)
{
    const char *error = json_peek_text(call, "message"), *model = json_peek_text(call, "model");
    const char *step = json_peek_text(call, "step"), *outcome = json_peek_text(call, "outcome");
    const char *request = json_peek_text(call, "requestId");
    double usd = json_peek_number(call, "usd", -1), ms = json_peek_number(call, "ms", -1);
    int64_t http = json_peek_int(call, "http", 0);
    char text[LINE_BYTES];
    int size = snprintf(text, sizeof text, "%.60s, call %lld to %.80s: %.40s", step ? step : "",
                        (long long)json_peek_int(call, "call", 0), model ? model : "",
                        outcome ? outcome : "");

    if (http > 0) {
        size += snprintf(text + size, sizeof text - (size_t)size, ", HTTP %lld", (long long)http);
    }
    if (ms >= 0) {
        size += snprintf(text + size, sizeof text - (size_t)size, ", %.1f s", ms / 1000);
    }
    if (usd >= 0) {
        size += snprintf(text + size, sizeof text - (size_t)size, ", %.4f USD", usd);
    }
    snprintf(text + size, sizeof text - (size_t)size, "%s%.80s%s%.400s",
             request && request[0] ? ", request " : "", request ? request : "", error ? ": " : "",
             error ? error : "");
    add_event(events, job, json_peek_text(call, "sent"), "call", text);
}

static int compare(const void *a, const void *b)
{
    const char *first = json_peek_text(*(const cJSON *const *)a, "at");
    const char *second = json_peek_text(*(const cJSON *const *)b, "at");

    return strcmp(first ? first : "~", second ? second : "~"); /* without a time: last */
}

/* Sorts by time; cJSON's lists have no sort. Events of one second keep their order: created, calls,
 * failures, end. */
static cJSON *sort(cJSON *events)
{
    int count = cJSON_GetArraySize(events);
    cJSON **list = xcalloc((size_t)count + 1, sizeof *list), *sorted = cJSON_CreateArray();

    for (int i = 0; i < count; i++) {
        list[i] = cJSON_DetachItemFromArray(events, 0);
    }
    for (int i = 1; i < count; i++) { /* stable, and nearly sorted already */
        for (int at = i; at > 0 && compare(&list[at - 1], &list[at]) > 0; at--) {
            cJSON *swap = list[at];

            list[at] = list[at - 1];
            list[at - 1] = swap;
        }
    }
    for (int i = 0; i < count; i++) {
        cJSON_AddItemToArray(sorted, list[i]);
    }
    free(list);
    cJSON_Delete(events);
    return sorted;
}

static void add_parts(cJSON *events, const char *job, const cJSON *parts)
{
    const cJSON *part;

    cJSON_ArrayForEach(part, parts)
    {
        const char *message = json_peek_text(part, "message"), *id = json_peek_text(part, "job");
        const char *name = json_peek_text(part, "part"), *state = json_peek_text(part, "state");
        char text[LINE_BYTES];

        snprintf(text, sizeof text, "%s: %.20s, job %.40s%s%.600s", job_list_what(NULL, name),
                 state ? state : "", id ? id : "", message ? ": " : "", message ? message : "");
        add_event(events, job, NULL, "part", text);
    }
}

static cJSON *events_of(const cJSON *job)
{
    const char *id = json_peek_text(job, "id"), *message = json_peek_text(job, "message");
    const char *status = json_peek_text(job, "status"), *end = json_peek_text(job, "completed");
    const char *refused = json_peek_text(job, "refusedBecause");
    cJSON *events = cJSON_CreateArray();
    const cJSON *row;
    char text[LINE_BYTES];

    snprintf(text, sizeof text, "%s requested",
             job_list_what(json_peek_text(job, "type"),
                           json_peek_text(cJSON_GetObjectItemCaseSensitive(job, "payload"),
                                          "imageType")));
    add_event(events, id, json_peek_text(job, "created"), "created", text);
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(job, "calls"))
    {
        add_call(events, id, row);
    }
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(job, "failures"))
    {
        const char *detail = json_peek_text(row, "detail"), *said = json_peek_text(row, "message");

        snprintf(text, sizeof text, "%.1100s", detail ? detail : said ? said : "");
        add_event(events, id, json_peek_text(row, "failed"), "failure", text);
    }
    if (end) {
        snprintf(text, sizeof text, "%.20s%s%.900s", status ? status : "", message ? ": " : "",
                 message ? message : "");
        add_event(events, id, end, "ended", text);
    }
    events = sort(events);
    add_parts(events, id, cJSON_GetObjectItemCaseSensitive(job, "parts"));
    if (refused) {
        add_event(events, id, NULL, "cannot start", refused);
    }
    return events;
}

/* Adds a worker that is not in the list yet. */
static int add_worker(char workers[][WORKER_BYTES], int count, const char *worker)
{
    if (!worker || !strchr(worker, ':') || count == WORKERS) {
        return count;
    }
    for (int i = 0; i < count; i++) {
        if (strcmp(workers[i], worker) == 0) {
            return count;
        }
    }
    snprintf(workers[count], WORKER_BYTES, "%s", worker);
    return count + 1;
}

/* A worker's id is host:process:random. It writes its log to its standard error. */
static void print_where(const cJSON *job)
{
    char workers[WORKERS][WORKER_BYTES];
    const cJSON *row;
    const char *id = json_peek_text(job, "id");
    int count = add_worker(workers, 0, json_peek_text(job, "worker"));

    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(job, "calls"))
    {
        count = add_worker(workers, count, json_peek_text(row, "worker"));
    }
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(job, "failures"))
    {
        count = add_worker(workers, count, json_peek_text(row, "worker"));
    }
    for (int i = 0; i < count; i++) {
        size_t host = strcspn(workers[i], ":"), pid = strcspn(workers[i] + host + 1, ":");

        workers[i][host] = '\0';
        printf("log lines: standard error of process %.*s on %s\n", (int)pid, workers[i] + host + 1,
               term_text(workers[i], false));
    }
    if (count > 0) {
        printf("with the systemd unit: journalctl -u darkroom -g %.8s\n", id ? id : "");
    }
}

static void print_events(const cJSON *events)
{
    const cJSON *event;

    cJSON_ArrayForEach(event, events)
    {
        const char *at = json_peek_text(event, "at"), *name = json_peek_text(event, "event");
        char line[LINE_BYTES + 80];
        bool bad = name && strcmp(name, "failure") == 0;

        snprintf(line, sizeof line, "%s %s: %s", at ? at : "now", name ? name : "",
                 json_peek_text(event, "message"));
        term_print_wrapped(stdout, bad ? STYLE_BAD : STYLE_NORMAL, line);
    }
}

bool job_logs(struct sql_session *session, const struct settings *settings, const char *id,
              struct error *err)
{
    cJSON *job, *events;

    if (!job_load(session, id, &job, err)) {
        return false;
    }
    events = events_of(job);
    if (setting_flag(settings, "json")) {
        table_json(stdout, events, NULL);
    } else {
        print_events(events);
        print_where(job);
    }
    cJSON_Delete(events);
    cJSON_Delete(job);
    return true;
}

/* control.c - the control interface /_standin/...: journal, statistics, faults, reset. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "standin/standin_internal.h"

static void faults_set(struct standin_request *request)
{
    struct standin *standin = request->standin;
    struct faults faults = { 0 };
    char *text = request->body.size > 0
                     ? xstrndup((const char *)request->body.data, request->body.size)
                     : xstrdup("");
    struct error err = { 0 };

    if (!faults_parse(&faults, text, &err)) {
        answer_refuse(&request->answer, &(struct refusal){ .status = 400 }, "%s", err.text);
        faults_free(&faults);
    } else {
        cJSON *body = cJSON_CreateObject();

        cJSON_AddNumberToObject(body, "faults", faults.count);
        faults_free(&standin->faults);
        standin->faults = faults;
        answer_json(&request->answer, 200, body);
    }
    free(text);
}

static void faults_list(struct standin_request *request)
{
    const struct faults *faults = &request->standin->faults;
    cJSON *array = cJSON_CreateArray();

    for (int i = 0; i < faults->count; i++) {
        const struct fault *row = &faults->rows[i];
        cJSON *item = cJSON_CreateObject();

        cJSON_AddStringToObject(item, "kind", fault_name(row->kind));
        cJSON_AddNumberToObject(item, "status", row->status);
        cJSON_AddStringToObject(item, "match", row->match);
        cJSON_AddNumberToObject(item, "seen", (double)row->seen);
        cJSON_AddNumberToObject(item, "struck", (double)row->struck);
        cJSON_AddItemToArray(array, item);
    }
    answer_json(&request->answer, 200, array);
}

static void reset(struct standin_request *request)
{
    struct standin *standin = request->standin;

    journal_reset(standin->journal);
    storage_reset(standin->storage);
    batches_reset(standin);
    uploads_reset(standin->uploads);
    generated_files_free(standin->generated);
    faults_free(&standin->faults);
    standin->random = standin->config.seed;
    latencies_shuffle(&standin->latencies);
    answer_json(&request->answer, 200, cJSON_CreateObject());
}

void control_handle(struct standin_request *request)
{
    struct standin *standin = request->standin;
    const char *path = request->path + strlen("/_standin/");
    bool post = strcmp(request->record.method, "POST") == 0;
    const char *after = request_query(request, "after");

    pthread_mutex_lock(&standin->lock);
    if (strcmp(path, "journal") == 0 && !post) {
        answer_json(&request->answer, 200,
                    journal_list(standin->journal, after ? strtoull(after, NULL, 10) : 0));
    } else if (strcmp(path, "stats") == 0 && !post) {
        cJSON *stats = journal_stats(standin->journal);

        cJSON_AddNumberToObject(stats, "in_flight", standin->in_flight);
        answer_json(&request->answer, 200, stats);
    } else if (strcmp(path, "faults") == 0 && post) {
        faults_set(request);
    } else if (strcmp(path, "faults") == 0) {
        faults_list(request);
    } else if (strcmp(path, "reset") == 0 && post) {
        reset(request);
    } else {
        answer_refuse(&request->answer, &(struct refusal){ .status = 404 },
                      "Known paths: GET journal, stats, faults and POST faults, reset.");
    }
    pthread_mutex_unlock(&standin->lock);
}

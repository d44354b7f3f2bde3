/* job_change.c - cancels and retries jobs that are named. */
#include "cli/jobs/job_change.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ids/find_id.h"
#include "base/memory.h"
#include "cli/jobs/job_retry.h"
#include "term/confirm.h"
#include "term/table.h"
#include "term/term.h"

struct job_changes {
    struct sql_session *session;
    const struct settings *settings;
    bool retries; /* else cancels */
    int count;
    char (*ids)[ID_TEXT];
};

static bool refuse_change(const cJSON *answer, const char *id, bool retries, struct error *err)
{
    const char *state = json_peek_text(answer, "state"), *job = json_peek_text(answer, "job");
    const char *job_state = json_peek_text(answer, "jobState");

    if (state && strcmp(state, "missing") == 0) {
        return error_set(err, ERROR_INPUT, "no job has the id '%s'", id);
    }
    if (state && strcmp(state, "of a batch") == 0) {
        error_set(err, ERROR_INPUT, "job '%s' belongs to a batch", id);
        return error_hint(err,
                          "`darkroom batch retry-failed` retries the failed items of a batch.");
    }
    if (state && job && strcmp(state, "retried") == 0) {
        error_set(err, ERROR_INPUT, "job '%s' was retried before, as job '%s', which is %s", id,
                  job, job_state ? job_state : "in an unknown state");
        return job_state && strcmp(job_state, "failed") == 0
                   ? error_hint(err, "Retry that one: darkroom jobs retry %.8s", job)
                   : false;
    }
    error_set(err, ERROR_INPUT, "job '%s' is %s", id, state ? state : "in an unknown state");
    return error_hint(err, retries ? "Only a failed job can be retried."
                                   : "Only a pending or running job can be cancelled.");
}

static void print_change(const cJSON *answer, const char *id, bool dry_run)
{
    const cJSON *jobs = cJSON_GetObjectItemCaseSensitive(answer, "jobs"), *each; /* of a pack */
    const char *job = json_peek_text(answer, "job");
    long long refunded = (long long)json_peek_int(answer, "refunded", 0);

    if (jobs && dry_run) {
        printf("%s: %d missing parts would be retried\n", id, cJSON_GetArraySize(jobs));
    } else if (jobs) {
        cJSON_ArrayForEach(each, jobs)
        {
            printf("%s: a missing part retried as job %s\n", id, cJSON_GetStringValue(each));
        }
    } else if (job) {
        printf(dry_run ? "%s would be retried\n" : "%s retried as job %s\n", id, job);
    } else {
        printf("%s %scancelled, %lld credits refunded\n", id, dry_run ? "would be " : "", refunded);
    }
}

/* Ids of jobs that a dry run would make mean nothing. */
static void print_change_json(cJSON *answer, bool retries, const char *id, bool dry_run)
{
    cJSON *out;

    if (retries) {
        if (dry_run) {
            cJSON_DeleteItemFromObjectCaseSensitive(answer, "job");
            cJSON_DeleteItemFromObjectCaseSensitive(answer, "jobs");
            cJSON_AddTrueToObject(answer, "dryRun");
        }
        job_retry_print(answer, id);
        return;
    }
    out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "event", "cancelled");
    cJSON_AddStringToObject(out, "id", id);
    cJSON_AddNumberToObject(out, "refundedCredits", json_peek_number(answer, "refunded", 0));
    if (dry_run) {
        cJSON_AddTrueToObject(out, "dryRun");
    }
    table_json(stdout, out, NULL);
    cJSON_Delete(out);
}

/* Cancels or retries a job; with `dry_run` in a transaction that is rolled back, so that the answer
 * is what would happen. Fails if the job's state does not allow the change. */
static bool change_one(const struct job_changes *changes, const char *id, bool dry_run,
                       cJSON **answer, struct error *err)
{
    struct error ignored;
    const char *state;
    bool good;

    *answer = NULL;
    if (dry_run && !sql_script(changes->session, "begin", err)) {
        return false;
    }
    good = database_query(changes->session, changes->retries ? "jobs_retry" : "jobs_cancel", 1, &id,
                          answer, err);
    if (dry_run) {
        good = sql_script(changes->session, "rollback", good ? err : &ignored) && good;
    }
    state = json_peek_text(*answer, "state");
    if (good && (!state || (strcmp(state, "cancelled") != 0 && strcmp(state, "queued") != 0))) {
        return refuse_change(*answer, id, changes->retries, err);
    }
    return good;
}

static bool change_and_print(const struct job_changes *changes, const char *id, struct error *err)
{
    bool dry_run = setting_flag(changes->settings, "dry-run");
    cJSON *answer;
    bool good = change_one(changes, id, dry_run, &answer, err);

    if (good && setting_flag(changes->settings, "json")) {
        print_change_json(answer, changes->retries, id, dry_run);
    } else if (good) {
        print_change(answer, id, dry_run);
    }
    cJSON_Delete(answer);
    return good;
}

/* Asks at a terminal before jobs are cancelled, with the credits that are refunded. */
static bool confirm_cancel(const struct job_changes *changes, struct error *err)
{
    int64_t refunded = 0;
    char question[200];
    bool good = true;

    if (changes->retries || setting_flag(changes->settings, "yes") ||
        setting_flag(changes->settings, "dry-run") || !term_is_terminal(stderr)) {
        return true;
    }
    for (int i = 0; good && i < changes->count; i++) {
        cJSON *answer;

        good = change_one(changes, changes->ids[i], true, &answer, err);
        refunded += json_peek_int(answer, "refunded", 0);
        cJSON_Delete(answer);
    }
    snprintf(question, sizeof question, "Cancel %d job%s? %lld credits are refunded.",
             changes->count, changes->count == 1 ? "" : "s", (long long)refunded);
    return good &&
           (confirm(question) != ANSWER_NO || error_set(err, ERROR_INPUT, "nothing was cancelled"));
}

bool job_change(struct sql_session *session, const struct settings *settings, bool retries,
                int count, char **given, struct error *err)
{
    struct job_changes changes = { session, settings, retries, count,
                                   xcalloc((size_t)count, sizeof *changes.ids) };
    bool good = true;

    for (int i = 0; good && i < count; i++) {
        good = find_id(session, ID_JOB, given[i], changes.ids[i], err);
    }
    good = good && confirm_cancel(&changes, err);
    for (int i = 0; good && i < count; i++) {
        good = change_and_print(&changes, changes.ids[i], err);
    }
    free(changes.ids);
    return good;
}

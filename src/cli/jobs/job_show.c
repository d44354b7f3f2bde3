/* job_show.c - one job: its row, parts, failures and calls. */
#include "cli/jobs/job_show.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/jobs/rejected_answers.h"
#include "term/relative_time.h"
#include "term/state_style.h"
#include "term/table.h"
#include "term/term_wrap.h"

enum { FACT_COLUMNS = 11 };

/* Prints the running time, and median and p95 of recent jobs of this type. */
static void print_running_time(const cJSON *job)
{
    const cJSON *running = cJSON_GetObjectItemCaseSensitive(job, "runningSeconds");
    const cJSON *typical = cJSON_GetObjectItemCaseSensitive(job, "typicalSeconds");
    const cJSON *p50 = cJSON_GetObjectItemCaseSensitive(typical, "p50");
    const cJSON *p95 = cJSON_GetObjectItemCaseSensitive(typical, "p95");

    if (!cJSON_IsNumber(running)) {
        return;
    }
    printf("%-*s %.1f s", FACT_COLUMNS, "running", running->valuedouble);
    if (cJSON_IsNumber(p50) && cJSON_IsNumber(p95)) {
        printf("; median %.1f s, p95 %.1f s for this type", p50->valuedouble, p95->valuedouble);
    }
    printf("\n");
}

/* Prints the images and texts of a pack. */
static void print_parts(const cJSON *job)
{
    static const struct table_column columns[] = {
        { "part", "PART", .max_width = 24, .min_width = 12 },
        { "state", "STATE", .style = state_style },
        { "job", "JOB", .max_width = 36, .min_width = 8 },
        { "refundedCredits", "REFUNDED", .right = true, .optional = true },
        { "message", "MESSAGE", .max_width = 200 },
    };
    const cJSON *parts = cJSON_GetObjectItemCaseSensitive(job, "parts");

    if (cJSON_GetArraySize(parts) > 0) {
        printf("\n");
        table_print_columns(stdout, parts, columns, sizeof columns / sizeof *columns);
    }
}

/* Prints each failed attempt of the job with its technical error. */
static void print_failures(const cJSON *job)
{
    static const struct table_column columns[] = {
        { "failed", "FAILED", .max_width = 20 },
        { "worker", "WORKER", .max_width = 40, .min_width = 12, .optional = true },
        { "detail", "DETAIL", .max_width = 200 },
    };
    const cJSON *failures = cJSON_GetObjectItemCaseSensitive(job, "failures");

    if (cJSON_GetArraySize(failures) > 0) {
        printf("\n");
        table_print_columns(stdout, failures, columns, sizeof columns / sizeof *columns);
    }
}

/* Prints the calls to models. */
static void print_calls(const cJSON *job)
{
    static const struct table_column columns[] = {
        { "sent", "SENT", .max_width = 20, .optional = true },
        { "step", "STEP", .max_width = 20, .min_width = 8 },
        { "call", "CALL", .right = true },
        { "model", "MODEL", .max_width = 30, .min_width = 10 },
        { "http", "HTTP", .right = true },
        { "ms", "MS", .right = true },
        { "usd", "USD", .max_width = 10, .right = true },
        { "outcome", "OUTCOME", .max_width = 12, .style = state_style },
        { "requestId", "REQUEST", .max_width = 40, .min_width = 8, .optional = true },
        { "message", "MESSAGE", .max_width = 200 },
    };
    const cJSON *calls = cJSON_GetObjectItemCaseSensitive(job, "calls");

    if (cJSON_GetArraySize(calls) > 0) {
        printf("\n");
        table_print_columns(stdout, calls, columns, sizeof columns / sizeof *columns);
    }
}

/* Prints what a person reads: whole words at the width of the terminal. */
static void print_sentence(const char *title, const cJSON *value)
{
    if (cJSON_IsString(value) && value->valuestring[0]) {
        printf("%-*s ", FACT_COLUMNS, title);
        term_print_from_column(stdout, FACT_COLUMNS + 1, value->valuestring);
        printf("\n");
    }
}

/* Points in time also say how long ago they are. */
static void print_fact(const char *title, const cJSON *value)
{
    double seconds =
        cJSON_IsString(value) ? relative_time_since(value->valuestring, clock_wall_ms()) : -1;
    char ago[40];

    if (seconds < 0 || (strcmp(title, "created") != 0 && strcmp(title, "completed") != 0)) {
        table_fact(stdout, title, FACT_COLUMNS, value);
        return;
    }
    relative_time_ago(seconds, ago, sizeof ago);
    printf("%-*s %s (%s)\n", FACT_COLUMNS, title, term_text(value->valuestring, false), ago);
}

static void print_job(const cJSON *job)
{
    static const char *const facts[][2] = {
        { "id", "job" },
        { "status", "status" },
        { "type", "type" },
        { "payload", "payload" },
        { "user", "user" },
        { "created", "created" },
        { "completed", "completed" },
        { "retries", "retries" },
        { "maxRetries", "max retries" },
        { "busy", "busy" },
        { "losses", "losses" },
        { "worker", "worker" },
        { "charge", "charged" },
        { "refundedCredits", "refunded" },
        { "pack", "pack" },
        { "retriedAs", "retried as" },
        { "image", "image" },
        { "answer", "answer" },
    };

    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        print_fact(facts[i][1], cJSON_GetObjectItemCaseSensitive(job, facts[i][0]));
    }
    print_sentence("cannot start", cJSON_GetObjectItemCaseSensitive(job, "refusedBecause"));
    print_sentence("message", cJSON_GetObjectItemCaseSensitive(job, "message"));
    print_sentence("detail", cJSON_GetObjectItemCaseSensitive(job, "errorDetail"));
    print_running_time(job);
    print_parts(job);
    print_failures(job);
    print_calls(job);
    rejected_answers_print(job);
}

bool job_load(struct sql_session *session, const char *id, cJSON **out, struct error *err)
{
    if (!database_query(session, "jobs_show", 1, &id, out, err)) {
        return false;
    }
    if (cJSON_IsNull(*out)) {
        cJSON_Delete(*out);
        *out = NULL;
        return error_set(err, ERROR_INPUT, "no job has the id '%s'", id);
    }
    return true;
}

bool job_show(struct sql_session *session, const struct settings *settings, const char *id,
              struct error *err)
{
    cJSON *job;
    bool good;

    if (!job_load(session, id, &job, err)) {
        return false;
    }
    good = rejected_answers_add(session, id, setting_text(settings, "pictures"), job, err);
    if (good && setting_flag(settings, "json")) {
        table_json(stdout, job, "job-detail");
    } else if (good) {
        print_job(job);
    }
    cJSON_Delete(job);
    return good;
}

/* cmd_jobs.c - darkroom jobs: lists jobs, shows one, cancels and retries. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "app/database.h"
#include "cli/command.h"
#include "cli/jobs/rejected_answers.h"
#include "term/table.h"
#include "term/term.h"

enum { FACT_COLUMNS = 11 };

static bool is_uuid(const char *text)
{
    for (int i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i])) {
            return false;
        }
    }
    return text[36] == '\0';
}

static bool check_id(const char *id, struct error *err)
{
    if (is_uuid(id)) {
        return true;
    }
    error_set(err, ERROR_INPUT, "'%.60s' is not a job id", id);
    return error_hint(err, "`darkroom jobs` lists jobs with their ids.");
}

/* Checks the states, which are one per line. */
static bool check_status(const char *lines, struct error *err)
{
    static const char states[] = "pending processing completed failed ";

    for (const char *at = lines; at && *at;) {
        size_t size = strcspn(at, "\n");
        char word[24];

        snprintf(word, sizeof word, "%.*s ", (int)(size < 20 ? size : 20), at);
        if (size == 0 || !strstr(states, word)) {
            return error_set(err, ERROR_INPUT,
                             "Invalid --status '%.*s': it takes pending, processing, completed or "
                             "failed",
                             (int)(size < 40 ? size : 40), at);
        }
        at += size + (at[size] == '\n');
    }
    return true;
}

/* Adds the duration as text; a running job gets a plus sign: "12.4+". */
static void add_durations(cJSON *rows)
{
    cJSON *row;

    cJSON_ArrayForEach(row, rows)
    {
        const cJSON *seconds = cJSON_GetObjectItemCaseSensitive(row, "seconds");
        const cJSON *running_seconds = cJSON_GetObjectItemCaseSensitive(row, "runningSeconds");
        char text[32] = "-";

        if (cJSON_IsNumber(seconds)) {
            snprintf(text, sizeof text, "%.12g", seconds->valuedouble);
        } else if (cJSON_IsNumber(running_seconds)) {
            snprintf(text, sizeof text, "%.12g+", running_seconds->valuedouble);
        }
        cJSON_AddStringToObject(row, "time", text);
    }
}

/* One line per service whose trouble holds jobs back. */
static void print_service(const cJSON *row)
{
    const char *hint = json_peek_text(row, "hint"), *reason = json_peek_text(row, "reason");
    int64_t waiting = json_peek_int(row, "waiting", 0);
    int64_t probe = json_peek_int(row, "probeSeconds", -1);

    printf("%s %s for %lld s: %s.", json_peek_text(row, "key"), json_peek_text(row, "state"),
           (long long)json_peek_int(row, "seconds", 0), reason ? reason : "");
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(row, "probing"))) {
        printf(" A worker probes it now.");
    } else if (probe >= 0) {
        printf(" Next probe in %lld s.", (long long)probe);
    }
    if (waiting > 0) {
        printf(" %lld jobs came back and wait.", (long long)waiting);
    }
    printf("%s%s\n", hint && hint[0] ? " " : "", hint ? hint : "");
}

static bool services(struct sql_session *session, const struct settings *settings, bool alone,
                     struct error *err)
{
    cJSON *rows;
    const cJSON *row;

    if (!database_query(session, "services", 0, NULL, &rows, err)) {
        return false;
    }
    if (setting_flag(settings, "json")) {
        table_json(stdout, rows);
    } else if (alone && cJSON_GetArraySize(rows) == 0) {
        printf("all services work\n");
    } else {
        cJSON_ArrayForEach(row, rows)
        {
            print_service(row);
        }
        if (!alone && cJSON_GetArraySize(rows) > 0) {
            printf("\n");
        }
    }
    cJSON_Delete(rows);
    return true;
}

static bool list(struct sql_session *session, const struct settings *settings, struct error *err)
{
    static const struct column columns[] = {
        { "id", "JOB", 0 },       { "status", "STATUS", 0 },    { "type", "TYPE", 0 },
        { "image", "IMAGE", 20 }, { "project", "PROJECT", 30 }, { "retries", "RETRIES", 0 },
        { "time", "SECONDS", 0 }, { "created", "CREATED", 0 },  { "error", "MESSAGE", 200 },
    };
    char count[24];
    const char *params[] = { setting_text(settings, "status"), setting_text(settings, "project"),
                             count };
    cJSON *rows;

    snprintf(count, sizeof count, "%lld", (long long)setting_int(settings, "count"));
    if (!check_status(params[0], err) ||
        !database_query(session, "jobs_list", 3, params, &rows, err)) {
        return false;
    }
    if (setting_flag(settings, "json")) {
        table_json(stdout, rows);
    } else if (!services(session, settings, false, err)) {
        cJSON_Delete(rows);
        return false;
    } else if (cJSON_GetArraySize(rows) == 0) {
        fprintf(stderr, "no jobs\n");
    } else {
        add_durations(rows);
        table_print(stdout, rows, columns, sizeof columns / sizeof *columns);
    }
    cJSON_Delete(rows);
    return true;
}

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
    static const struct column columns[] = {
        { "part", "PART", 0 },         { "state", "STATE", 0 },       { "job", "JOB", 0 },
        { "refunded", "REFUNDED", 0 }, { "message", "MESSAGE", 200 },
    };
    const cJSON *parts = cJSON_GetObjectItemCaseSensitive(job, "parts");

    if (cJSON_GetArraySize(parts) > 0) {
        printf("\n");
        table_print(stdout, parts, columns, sizeof columns / sizeof *columns);
    }
}

/* Prints each failed attempt of the job with its technical error. */
static void print_failures(const cJSON *job)
{
    static const struct column columns[] = {
        { "failed", "FAILED", 0 },
        { "worker", "WORKER", 40 },
        { "detail", "DETAIL", 200 },
    };
    const cJSON *failures = cJSON_GetObjectItemCaseSensitive(job, "failures");

    if (cJSON_GetArraySize(failures) > 0) {
        printf("\n");
        table_print(stdout, failures, columns, sizeof columns / sizeof *columns);
    }
}

/* Prints the calls to models. */
static void print_calls(const cJSON *job)
{
    static const struct column columns[] = {
        { "sent", "SENT", 0 },     { "step", "STEP", 0 },       { "call", "CALL", 0 },
        { "model", "MODEL", 0 },   { "http", "HTTP", 0 },       { "ms", "MS", 0 },
        { "usd", "USD", 0 },       { "outcome", "OUTCOME", 0 }, { "requestId", "REQUEST", 40 },
        { "error", "ERROR", 200 },
    };
    const cJSON *calls = cJSON_GetObjectItemCaseSensitive(job, "calls");

    if (cJSON_GetArraySize(calls) > 0) {
        printf("\n");
        table_print(stdout, calls, columns, sizeof columns / sizeof *columns);
    }
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
        { "refunded", "refunded" },
        { "pack", "pack" },
        { "image", "image" },
        { "answer", "answer" },
        { "refusedBecause", "cannot start" },
        { "error", "message" },
        { "errorDetail", "detail" },
    };

    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        table_fact(stdout, facts[i][1], FACT_COLUMNS,
                   cJSON_GetObjectItemCaseSensitive(job, facts[i][0]));
    }
    print_running_time(job);
    print_parts(job);
    print_failures(job);
    print_calls(job);
    rejected_answers_print(job);
}

static bool show(struct sql_session *session, const struct settings *settings, const char *id,
                 struct error *err)
{
    cJSON *job;
    bool good;

    if (!database_query(session, "jobs_show", 1, &id, &job, err)) {
        return false;
    }
    good = cJSON_IsNull(job)
               ? error_set(err, ERROR_INPUT, "no job has the id '%s'", id)
               : rejected_answers_add(session, id, setting_text(settings, "pictures"), job, err);
    if (good && setting_flag(settings, "json")) {
        table_json(stdout, job);
    } else if (good) {
        print_job(job);
    }
    cJSON_Delete(job);
    return good;
}

/* Cancels or retries a job. Fails if its state does not allow that. */
static bool change(struct sql_session *session, const struct settings *settings,
                   const char *statement, const char *id, struct error *err)
{
    cJSON *answer;
    const char *state, *job;
    const cJSON *jobs, *each;
    bool done;

    if (!database_query(session, statement, 1, &id, &answer, err)) {
        return false;
    }
    state = json_peek_text(answer, "state");
    job = json_peek_text(answer, "job");
    jobs = cJSON_GetObjectItemCaseSensitive(answer, "jobs"); /* of a pack */
    done = state && (strcmp(state, "cancelled") == 0 || strcmp(state, "queued") == 0);
    if (setting_flag(settings, "json")) {
        cJSON_AddStringToObject(answer, "id", id);
        table_json(stdout, answer);
    } else if (done && jobs) {
        cJSON_ArrayForEach(each, jobs)
        {
            printf("%s: a missing part retried as job %s\n", id, cJSON_GetStringValue(each));
        }
    } else if (done && job) {
        printf("%s retried as job %s\n", id, job);
    } else if (done) {
        printf("%s cancelled, %lld credits refunded\n", id,
               (long long)json_peek_int(answer, "refunded", 0));
    }
    if (!done && state && strcmp(state, "missing") == 0) {
        error_set(err, ERROR_INPUT, "no job has the id '%s'", id);
    } else if (!done && state && strcmp(state, "of a batch") == 0) {
        error_set(err, ERROR_INPUT, "job '%s' belongs to a batch", id);
        error_hint(err, "`darkroom batch retry-failed` retries the failed items of a batch.");
    } else if (!done) {
        error_set(err, ERROR_INPUT, "job '%s' is %s", id, state ? state : "in an unknown state");
        error_hint(err, strcmp(statement, "jobs_retry") == 0
                            ? "Only a failed job can be retried."
                            : "Only a pending or running job can be cancelled.");
    }
    cJSON_Delete(answer);
    return done;
}

static bool do_verb(struct sql_session *session, const struct settings *settings, int argc,
                    char **argv, struct error *err)
{
    const char *verb = argv[0];

    for (int i = 1; i < argc; i++) {
        bool good =
            check_id(argv[i], err) &&
            (strcmp(verb, "show") == 0     ? show(session, settings, argv[i], err)
             : strcmp(verb, "cancel") == 0 ? change(session, settings, "jobs_cancel", argv[i], err)
                                           : change(session, settings, "jobs_retry", argv[i], err));

        if (!good) {
            return false;
        }
    }
    return true;
}

static bool check_arguments(int argc, char **argv, struct error *err)
{
    const char *verb = argc ? argv[0] : "list";
    bool known =
        strcmp(verb, "show") == 0 || strcmp(verb, "cancel") == 0 || strcmp(verb, "retry") == 0;

    if ((strcmp(verb, "list") == 0 || strcmp(verb, "services") == 0) && argc <= 1) {
        return true;
    }
    if (!known) {
        error_set(err, ERROR_INPUT, "unknown subcommand '%.40s'", verb);
        return error_hint(err, "Use list, services, show ID, cancel ID or retry ID.");
    }
    if (argc < 2) {
        error_set(err, ERROR_INPUT, "'jobs %s' needs the id of a job", verb);
        return error_hint(err, "`darkroom jobs` lists jobs with their ids.");
    }
    return true;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct sql_session *session;
    bool good;

    if (!check_arguments(argc, argv, err)) {
        return 0;
    }
    session = database_open(settings, "jobs", err);
    if (session) {
        good = argc > 1 ? do_verb(session, settings, argc, argv, err)
               : argc == 1 && strcmp(argv[0], "services") == 0
                   ? services(session, settings, true, err)
                   : list(session, settings, err);
        sql_close(session);
        return good ? 0 : error_rule(err->kind)->exit_status;
    }
    return 0;
}

static const char *const settings_taken[] = { "status", "project",      "count", "pictures",
                                              "json",   "database-url", NULL };

const struct command command_jobs = {
    .name = "jobs",
    .arguments = "[services|show|cancel|retry ID...]",
    .summary = "list jobs, show one, cancel or retry; show services in trouble",
    .examples = "  darkroom jobs                         # the most recent ones\n"
                "  darkroom jobs --status failed --count 100\n"
                "  darkroom jobs services                # providers, models, stores in trouble\n"
                "  darkroom jobs show 0b5e7a52-8c0e-4d53-9d6c-0f6f3a1d2e11\n"
                "  darkroom jobs show 0b5e7a52-8c0e-4d53-9d6c-0f6f3a1d2e11 --pictures rejected\n"
                "  darkroom jobs cancel 0b5e7a52-8c0e-4d53-9d6c-0f6f3a1d2e11\n"
                "  darkroom jobs retry 0b5e7a52-8c0e-4d53-9d6c-0f6f3a1d2e11\n",
    .settings = settings_taken,
    .max_arguments = -1,
    .run = run,
};

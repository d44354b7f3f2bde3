/* cmd_jobs.c - darkroom jobs: lists jobs, shows one, cancels and retries. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ids/find_id.h"
#include "base/clock.h"
#include "cli/command.h"
#include "cli/jobs/job_filter.h"
#include "cli/jobs/job_list.h"
#include "cli/jobs/job_logs.h"
#include "cli/jobs/job_retry.h"
#include "cli/jobs/job_show.h"
#include "cli/jobs/job_watch.h"
#include "cli/jobs/services_view.h"
#include "term/table.h"

enum { OTHER_LINES = 5, FEWEST_JOBS = 5, SHORTEST_ID = 4 };

/* -- lists ------------------------------------------------------------------------------------- */

static bool print_services(struct sql_session *session, const struct settings *settings, bool alone,
                           struct error *err)
{
    cJSON *rows;

    if (!database_query(session, "services", 0, NULL, &rows, err)) {
        return false;
    }
    if (setting_flag(settings, "json")) {
        table_json(stdout, rows);
    } else if (alone && cJSON_GetArraySize(rows) == 0) {
        printf("all services work\n");
    } else {
        services_view_print(stdout, rows);
        if (!alone && cJSON_GetArraySize(rows) > 0) {
            printf("\n");
        }
    }
    cJSON_Delete(rows);
    return true;
}

/* Without --count, a terminal gets as many jobs as its window has room for. */
static int64_t count_of(const struct settings *settings)
{
    int64_t count = setting_int(settings, "count"), room = term_height(stdout) - OTHER_LINES;

    if (!term_is_terminal(stdout) || strcmp(setting_source(settings, "count"), "default") != 0) {
        return count;
    }
    return room < FEWEST_JOBS ? FEWEST_JOBS : room < count ? room : count;
}

static bool print_list(struct sql_session *session, const struct settings *settings,
                       struct error *err)
{
    char *filter;
    cJSON *rows;
    bool good;

    if (!job_filter_read(session, settings, &filter, err)) {
        return false;
    }
    good = job_list_query(session, filter, count_of(settings), &rows, err);
    cJSON_free(filter);
    if (!good) {
        return false;
    }
    if (setting_flag(settings, "json")) {
        table_json(stdout, rows);
    } else if ((good = print_services(session, settings, false, err))) {
        if (cJSON_GetArraySize(rows) == 0) {
            fprintf(stderr, "no jobs\n");
        } else {
            job_list_prepare(rows, term_is_terminal(stdout), clock_wall_ms());
            job_list_print(stdout, rows);
        }
    }
    cJSON_Delete(rows);
    return good;
}

/* -- one job ----------------------------------------------------------------------------------- */

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

static void print_change(const cJSON *answer, const char *id)
{
    const cJSON *jobs = cJSON_GetObjectItemCaseSensitive(answer, "jobs"), *each; /* of a pack */
    const char *job = json_peek_text(answer, "job");

    if (jobs) {
        cJSON_ArrayForEach(each, jobs)
        {
            printf("%s: a missing part retried as job %s\n", id, cJSON_GetStringValue(each));
        }
    } else if (job) {
        printf("%s retried as job %s\n", id, job);
    } else {
        printf("%s cancelled, %lld credits refunded\n", id,
               (long long)json_peek_int(answer, "refunded", 0));
    }
}

static void print_change_json(cJSON *answer, bool retries, const char *id)
{
    cJSON *out;

    if (retries) {
        job_retry_print(answer, id);
        return;
    }
    out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "event", "cancelled");
    cJSON_AddStringToObject(out, "id", id);
    cJSON_AddNumberToObject(out, "refundedCredits", json_peek_number(answer, "refunded", 0));
    table_json(stdout, out);
    cJSON_Delete(out);
}

/* Cancels or retries a job. Fails if its state does not allow that. */
static bool change(struct sql_session *session, const struct settings *settings, bool retries,
                   const char *id, struct error *err)
{
    cJSON *answer;
    const char *state;
    bool done;

    if (!database_query(session, retries ? "jobs_retry" : "jobs_cancel", 1, &id, &answer, err)) {
        return false;
    }
    state = json_peek_text(answer, "state");
    done = state && (strcmp(state, "cancelled") == 0 || strcmp(state, "queued") == 0);
    if (!done) {
        refuse_change(answer, id, retries, err);
    } else if (setting_flag(settings, "json")) {
        print_change_json(answer, retries, id);
    } else {
        print_change(answer, id);
    }
    cJSON_Delete(answer);
    return done;
}

static bool do_verb(struct sql_session *session, const struct settings *settings, int argc,
                    char **argv, struct error *err)
{
    const char *verb = argv[0];

    for (int i = 1; i < argc; i++) {
        char id[ID_TEXT];
        bool good = find_id(session, ID_JOB, argv[i], id, err) &&
                    (strcmp(verb, "show") == 0 ? job_show(session, settings, id, err)
                     : strcmp(verb, "logs") == 0
                         ? job_logs(session, settings, id, err)
                         : change(session, settings, strcmp(verb, "retry") == 0, id, err));

        if (!good) {
            return false;
        }
    }
    return true;
}

/* -- command ----------------------------------------------------------------------------------- */

static bool check_flags(const struct settings *settings, int argc, char **argv, struct error *err)
{
    bool retries = argc > 0 && strcmp(argv[0], "retry") == 0;

    if (setting_flag(settings, "watch") && argc > 0 && strcmp(argv[0], "list") != 0) {
        return error_set(err, ERROR_INPUT, "--watch repeats the list: it takes no subcommand");
    }
    if ((setting_flag(settings, "dry-run") || setting_flag(settings, "yes")) && !retries) {
        return error_set(err, ERROR_INPUT, "--dry-run and --yes belong to 'jobs retry'");
    }
    if (retries && argc > 1 &&
        (job_filter_is_given(settings) || setting_text(settings, "status"))) {
        return error_set(err, ERROR_INPUT, "'jobs retry' takes ids or conditions, not both");
    }
    if (retries && setting_text(settings, "status") &&
        strcmp(setting_text(settings, "status"), "failed") != 0) {
        return error_set(err, ERROR_INPUT, "only failed jobs can be retried: use --status failed");
    }
    return true;
}

static bool check_arguments(const struct settings *settings, int argc, char **argv,
                            struct error *err)
{
    static const char verbs[] = " show logs cancel retry ";
    const char *verb = argc ? argv[0] : "list";
    char word[48];

    if ((strcmp(verb, "list") == 0 || strcmp(verb, "services") == 0) && argc <= 1) {
        return check_flags(settings, argc, argv, err);
    }
    snprintf(word, sizeof word, " %.40s ", verb);
    if (!strstr(verbs, word) || strchr(verb, ' ')) {
        command_refuse_subcommand(verb, "list services show logs cancel retry",
                                  "Use list, services, show ID, logs ID, cancel ID or retry ID.",
                                  err);
        return strlen(verb) < SHORTEST_ID || verb[strspn(verb, "0123456789abcdefABCDEF-")]
                   ? false
                   : error_hint(err, "To show this job: darkroom jobs show %.40s", verb);
    }
    if (argc < 2 && strcmp(verb, "retry") == 0 && job_filter_is_given(settings)) {
        return check_flags(settings, argc, argv, err);
    }
    if (argc < 2) {
        error_set(err, ERROR_INPUT, "'jobs %s' needs the id of a job", verb);
        return error_hint(err, strcmp(verb, "retry") == 0
                                   ? "Or conditions: --reason, --type, --user, --project, --batch, "
                                     "--since, --until."
                                   : "`darkroom jobs` lists jobs with their ids.");
    }
    return check_flags(settings, argc, argv, err);
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct sql_session *session;
    int status = 0;
    bool good = true;

    if (!check_arguments(settings, argc, argv, err)) {
        return 0;
    }
    if (setting_flag(settings, "watch")) {
        return job_watch(settings, err);
    }
    session = database_open(settings, "jobs", err);
    if (!session) {
        return 0;
    }
    if (argc > 1) {
        good = do_verb(session, settings, argc, argv, err);
    } else if (argc == 1 && strcmp(argv[0], "retry") == 0) {
        status = job_retry_matching(session, settings, err);
    } else if (argc == 1 && strcmp(argv[0], "services") == 0) {
        good = print_services(session, settings, true, err);
    } else {
        good = print_list(session, settings, err);
    }
    sql_close(session);
    return good ? status : error_rule(err->kind)->exit_status;
}

static const char *const settings_taken[] = {
    JOB_FILTER_SETTINGS, "count", "pictures", "watch", "dry-run", "yes", "json",
    "database-url",      NULL
};

const struct command command_jobs = {
    .name = "jobs",
    .arguments = "[services|show|logs|cancel|retry ID...]",
    .summary = "list jobs, show one, cancel or retry; show services in trouble",
    .examples = "  darkroom jobs                         # the most recent ones\n"
                "  darkroom jobs --watch                 # the same, repeated; q ends it\n"
                "  darkroom jobs --status failed --since '2h ago' --count 100\n"
                "  darkroom jobs services                # providers, models, stores in trouble\n"
                "  darkroom jobs show 0b5e7a52           # the first characters are enough\n"
                "  darkroom jobs show 0b5e7a52 --pictures rejected\n"
                "  darkroom jobs logs 0b5e7a52\n"
                "  darkroom jobs cancel 0b5e7a52\n"
                "  darkroom jobs retry 0b5e7a52\n"
                "  darkroom jobs retry --reason 'HTTP 503' --since '2h ago' --dry-run\n",
    .notes = "`jobs retry` with conditions shows the number of failed jobs that match, their\n"
             "credits and their cost, and asks, unless --yes. A job that was retried before,\n"
             "or whose image the seller has requested again, is left out.\n",
    .settings = settings_taken,
    .output = output_jobs,
    .max_arguments = -1,
    .run = run,
};

/* cmd_jobs.c - darkroom jobs: lists jobs, shows one, cancels and retries. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ids/find_id.h"
#include "base/clock.h"
#include "cli/command.h"
#include "cli/jobs/job_change.h"
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
        table_json(stdout, rows, "service");
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
        table_json(stdout, rows, "job");
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

/* -- subcommands ------------------------------------------------------------------------------- */

static bool do_verb(struct sql_session *session, const struct settings *settings, int argc,
                    char **argv, struct error *err)
{
    const char *verb = argv[0];

    if (strcmp(verb, "cancel") == 0 || strcmp(verb, "retry") == 0) {
        return job_change(session, settings, strcmp(verb, "retry") == 0, argc - 1, argv + 1, err);
    }
    for (int i = 1; i < argc; i++) {
        char id[ID_TEXT];
        bool good = find_id(session, ID_JOB, argv[i], id, err) &&
                    (strcmp(verb, "show") == 0 ? job_show(session, settings, id, err)
                                               : job_logs(session, settings, id, err));

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
    bool cancels = argc > 0 && strcmp(argv[0], "cancel") == 0;

    if (setting_flag(settings, "watch") && argc > 0 && strcmp(argv[0], "list") != 0) {
        return error_set(err, ERROR_INPUT, "--watch repeats the list: it takes no subcommand");
    }
    if ((setting_flag(settings, "dry-run") || setting_flag(settings, "yes")) && !retries &&
        !cancels) {
        return error_set(err, ERROR_INPUT,
                         "--dry-run and --yes belong to 'jobs cancel' and 'jobs retry'");
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
             "or whose image the seller has requested again, is left out.\n"
             "\n"
             "`jobs cancel` asks at a terminal, unless --yes; `jobs retry ID` repeats what was\n"
             "cancelled. --dry-run shows the credits and changes nothing.\n",
    .settings = settings_taken,
    .output = output_jobs,
    .max_arguments = -1,
    .run = run,
};

/* cmd_status.c - darkroom status: queue, rates, cost, workers, services, packs, batches and
 * failures on one screen. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/command.h"
#include "cli/jobs/status_view.h"
#include "cli/jobs/watch.h"
#include "term/table.h"

enum { LIST_ROWS = 50, LINE_BYTES = 300 };

struct status_watch {
    const struct settings *settings;
    char before[LINE_BYTES]; /* the line printed last */
};

static bool read_status(struct sql_session *session, void *context, cJSON **out, struct error *err)
{
    char rows[12];
    const char *params[] = { rows };

    (void)context;
    snprintf(rows, sizeof rows, "%d", LIST_ROWS);
    return database_query(session, "status", 1, params, out, err);
}

static void draw_status(FILE *to, void *context, cJSON *status)
{
    const struct status_watch *watch = context;

    status_view_print(to, status, setting_number(watch->settings, "daily-budget"), term_height(to));
}

static void print_status(FILE *to, void *context, cJSON *status)
{
    struct status_watch *watch = context;
    char line[LINE_BYTES], now[25];

    status_view_line(status, line, sizeof line);
    if (setting_flag(watch->settings, "json")) {
        table_json(to, status, "status");
    } else if (strcmp(line, watch->before) != 0) {
        clock_format(clock_wall_ms(), now);
        fprintf(to, "%.8s %s\n", now + 11, line);
        snprintf(watch->before, sizeof watch->before, "%s", line);
    }
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct status_watch context = { .settings = settings };
    struct sql_session *session;
    cJSON *status = NULL;

    (void)argc;
    (void)argv;
    if (setting_flag(settings, "watch")) {
        struct repeated_view watch = { .settings = settings,
                                       .command = "darkroom status",
                                       .context = &context,
                                       .read = read_status,
                                       .draw = draw_status,
                                       .print = print_status };

        return watch_run(&watch, err);
    }
    session = database_open(settings, "status", err);
    if (session && read_status(session, NULL, &status, err)) {
        if (setting_flag(settings, "json")) {
            table_json(stdout, status, "status");
        } else { /* the last line of a terminal is for the prompt */
            status_view_print(stdout, status, setting_number(settings, "daily-budget"),
                              term_height(stdout) - 1);
        }
    }
    cJSON_Delete(status);
    sql_close(session);
    return 0;
}

static const char *const settings_taken[] = { "watch", "daily-budget", "json", "database-url",
                                              NULL };

const struct command command_status = {
    .name = "status",
    .arguments = "",
    .summary = "show queue, workers, services, cost and the last failures on one screen",
    .examples = "  darkroom status\n"
                "  darkroom status --watch               # the same, repeated; q ends it\n"
                "  darkroom status --json | jq .queue\n",
    .settings = settings_taken,
    .output = output_status,
    .run = run,
};

/* cmd_migrate.c - darkroom migrate: upgrades the database schema to this program's version. */
#include <stdio.h>

#include "app/database.h"
#include "cli/command.h"
#include "queue/migrate.h"

static void print_report(const struct settings *settings, const struct migration_report *report)
{
    if (setting_flag(settings, "json")) {
        printf("{\"applied\":%d,\"version\":%d}\n", report->applied, report->version);
    } else if (report->applied > 0) {
        printf("%sapplied %d migrations; the schema is at version %d\n", report->said,
               report->applied, report->version);
    } else {
        printf("nothing to do: the schema is at version %d\n", report->version);
    }
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct sql_session *session = database_open(settings, "migrate", err);
    struct migration_report report;

    (void)argc;
    (void)argv;
    if (session && setting_flag(settings, "undo")) {
        if (migrate_undo(session, err)) {
            puts(setting_flag(settings, "json") ? "{\"undone\":true}"
                                                : "darkroom was removed from this database; jobs, "
                                                  "images and credits are unchanged");
        }
    } else if (session && migrate(session, &report, err)) {
        print_report(settings, &report);
    }
    sql_close(session);
    return 0;
}

static const char *const settings_taken[] = { "database-url", "undo", "json", NULL };

const struct command command_migrate = {
    .name = "migrate",
    .arguments = "",
    .summary = "create or upgrade the database schema; safe to run repeatedly",
    .examples = "  darkroom migrate\n"
                "  darkroom migrate --database-url postgresql://postgres@localhost/app --json\n"
                "  darkroom migrate --undo               # remove it: stop the workers first\n",
    .settings = settings_taken,
    .run = run,
};

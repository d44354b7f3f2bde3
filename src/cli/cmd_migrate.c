/* cmd_migrate.c - darkroom migrate: brings the database to this program's version. */
#include <stdio.h>

#include "app/database.h"
#include "cli/command.h"
#include "queue/migrate.h"

static void tell(const struct settings *settings, const struct migration_report *report)
{
    if (setting_flag(settings, "json")) {
        printf("{\"applied\":%d,\"version\":%d}\n", report->applied, report->version);
    } else if (report->applied > 0) {
        printf("%sapplied %d, the database is at version %d\n", report->said, report->applied,
               report->version);
    } else {
        printf("nothing to do: the database is at version %d\n", report->version);
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
                                                : "darkroom is out of this database; jobs, images "
                                                  "and credits are as they were");
        }
    } else if (session && migrate(session, &report, err)) {
        tell(settings, &report);
    }
    sql_close(session);
    return 0;
}

static const char *const settings_taken[] = { "database-url", "undo", "json", NULL };

const struct command command_migrate = {
    .name = "migrate",
    .arguments = "",
    .summary = "bring the database up to date: safe to run again, and by two at once",
    .examples = "  darkroom migrate\n"
                "  darkroom migrate --database-url postgresql://postgres@localhost/app --json\n"
                "  darkroom migrate --undo              # and back: stop the workers first\n",
    .settings = settings_taken,
    .run = run,
};

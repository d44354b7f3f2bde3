/* cmd_migrate.c - darkroom migrate: brings the database up to date. */
#include <stdio.h>

#include "cli/command.h"
#include "io/database_url.h"
#include "queue/migrate.h"

static int tell(const struct settings *settings, const struct migration_report *report)
{
    if (setting_flag(settings, "json")) {
        printf("{\"applied\":%d,\"version\":%d}\n", report->applied, report->version);
    } else if (report->applied > 0) {
        printf("%sapplied %d, the database is at version %d\n", report->said, report->applied,
               report->version);
    } else {
        printf("nothing to do: the database is at version %d\n", report->version);
    }
    return 0;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    const char *text = setting_text(settings, "database-url");
    struct migration_report report;
    struct sql_session *session;
    struct database_url url;
    int status = 0;

    (void)argc;
    (void)argv;
    if (!text) {
        error_set(err, ERROR_CONFIG, "there is no database URL");
        error_hint(err, "Set DATABASE_URL, or say --database-url URL.");
        return 0;
    }
    if (!database_url_read(text, &url, err)) {
        return 0;
    }
    session = sql_open(&url, "darkroom migrate", err);
    if (session && migrate(session, &report, err)) {
        status = tell(settings, &report);
    }
    sql_close(session);
    database_url_free(&url);
    return status;
}

static const char *const settings_taken[] = { "database-url", "json", NULL };

const struct command command_migrate = {
    .name = "migrate",
    .arguments = "",
    .summary = "bring the database up to date: safe to run again, and by two at once",
    .examples = "  darkroom migrate\n"
                "  darkroom migrate --database-url postgresql://postgres@localhost/app --json\n",
    .settings = settings_taken,
    .run = run,
};

/* cmd_migrate.c - darkroom migrate: upgrades the database schema to this program's version. */
#include <stdio.h>

#include "app/database.h"
#include "batch/confirmation.h"
#include "cli/command.h"
#include "queue/migrate.h"
#include "term/confirm.h"
#include "term/table.h"
#include "term/term.h"

enum { SCRIPT_BYTES = 16 << 20 };

static void print_progress(const char *line, void *context)
{
    (void)context;
    fprintf(stderr, "darkroom: %s\n", term_text(line, true));
}

static void print_report(const struct settings *settings, const struct migration_report *report)
{
    if (setting_flag(settings, "json")) {
        printf("{\"event\":\"migrated\",\"applied\":%d,\"version\":%d}\n", report->applied,
               report->version);
    } else if (report->newer) {
        printf("nothing to do: a later darkroom has migrated this database to schema version %d, "
               "which this program can use\n",
               report->version);
    } else if (report->applied > 0) {
        printf("%sapplied %d migrations; the schema is at version %d\n", report->said,
               report->applied, report->version);
    } else {
        printf("nothing to do: the schema is at version %d\n", report->version);
    }
}

/* Prints SQL for psql; with --json as one object. */
static void print_sql(const struct settings *settings, const struct text *sql)
{
    cJSON *out;

    if (!setting_flag(settings, "json")) {
        fputs(sql->data, stdout);
        return;
    }
    out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "sql", sql->data);
    table_json(stdout, out, "script");
    cJSON_Delete(out);
}

static void print_script(const struct settings *settings, struct sql_session *session,
                         bool (*print)(struct sql_session *, struct text *, struct error *),
                         struct error *err)
{
    struct text script;

    text_begin(&script, SCRIPT_BYTES);
    if (print(session, &script, err)) {
        print_sql(settings, &script);
        if (term_is_terminal(stdout)) {
            fprintf(stderr, "darkroom: nothing was changed; this is the script, also for psql: "
                            "`... --dry-run > script.sql`\n");
        }
    }
    text_end(&script);
}

static void print_grants(const struct settings *settings, struct sql_session *session,
                         struct error *err)
{
    struct text statements;

    text_begin(&statements, SCRIPT_BYTES);
    if (migrate_grants(session, setting_text(settings, "grants"), &statements, err)) {
        print_sql(settings, &statements);
    }
    text_end(&statements);
}

static bool confirm_undo(const struct settings *settings, const char *database, struct error *err)
{
    const struct confirmation confirmation = { .command = "migrate",
                                               .flags = command_find("migrate")->settings,
                                               .settings = settings };
    char question[400];

    snprintf(question, sizeof question,
             "Remove darkroom from %s? Jobs, images and credits stay; open batches fail.",
             database);
    return confirmation_ask(&confirmation, question, err);
}

/* Says what a migration would do, and asks at a terminal. Without one it goes on, as deployments
 * expect: a migration only adds, is one transaction, and `migrate --undo` removes it. */
static bool confirm_migration(const struct settings *settings, struct sql_session *session,
                              struct error *err)
{
    struct database_url url;
    char question[500];
    int version, outstanding;
    bool good = migrate_outstanding(session, &version, &outstanding, err);

    if (!good || outstanding == 0 || setting_flag(settings, "yes")) {
        return good;
    }
    if (!database_url_of(settings, &url, err)) {
        return false;
    }
    if (version == 0) {
        snprintf(question, sizeof question,
                 "Install darkroom in %.200s: schema darkroom with %d migrations, and columns of "
                 "job_queue?",
                 url.shown, outstanding);
    } else {
        snprintf(question, sizeof question, "Apply %d migrations to %.200s, at schema version %d?",
                 outstanding, url.shown, version);
    }
    database_url_free(&url);
    return confirm(question) != ANSWER_NO ||
           error_set(err, ERROR_INPUT, "not migrated: nothing was changed");
}

static void undo(const struct settings *settings, struct sql_session *session,
                 const struct migrate_options *options, struct error *err)
{
    struct database_url url;
    bool confirmed;

    if (setting_flag(settings, "dry-run")) {
        print_script(settings, session, migrate_undo_print, err);
        return;
    }
    if (!database_url_of(settings, &url, err)) {
        return;
    }
    confirmed = confirm_undo(settings, url.shown, err);
    database_url_free(&url);
    if (confirmed && migrate_undo(session, options, err)) {
        puts(setting_flag(settings, "json") ? "{\"event\":\"undone\",\"undone\":true}"
                                            : "darkroom was removed from this database; jobs, "
                                              "images and credits are unchanged");
    }
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct sql_session *session = database_open_unchecked(settings, "migrate", err);
    struct migrate_options options = { .wait_ms =
                                           (uint32_t)setting_int(settings, "lock-wait") * 1000,
                                       .progress = print_progress };
    struct migration_report report;

    (void)argc;
    (void)argv;
    if (session && setting_text(settings, "grants")) {
        print_grants(settings, session, err);
    } else if (session && setting_flag(settings, "undo")) {
        undo(settings, session, &options, err);
    } else if (session && setting_flag(settings, "dry-run")) {
        print_script(settings, session, migrate_print, err);
    } else if (session && confirm_migration(settings, session, err) &&
               migrate(session, &options, &report, err)) {
        print_report(settings, &report);
    }
    sql_close(session);
    return 0;
}

static const char *const settings_taken[] = {
    "database-url", "dry-run", "grants", "undo", "yes", "json", "lock-wait", NULL,
};

const struct command command_migrate = {
    .name = "migrate",
    .arguments = "",
    .summary = "create or upgrade the database schema; safe to run repeatedly",
    .examples = "  darkroom migrate\n"
                "  darkroom migrate --database-url postgresql://postgres@localhost/app --json\n"
                "  darkroom migrate --dry-run            # print the SQL\n"
                "  darkroom migrate --grants worker      # rights of a role for workers\n"
                "  darkroom migrate --undo               # remove it: stop the workers first\n",
    .notes = "At a terminal it says what it will do and asks; --yes answers. Without one it\n"
             "goes on without asking, for deployments: a migration only adds, and --undo\n"
             "removes it. --undo needs --yes there.\n"
             "\n"
             "A migration is one transaction. It holds its locks for a moment and waits\n"
             "at most half a second for them, so the application never waits longer.\n"
             "While another session blocks it, it names that session and tries again.\n",
    .settings = settings_taken,
    .output = output_migrate,
    .run = run,
};

/* cmd_credits.c - darkroom credits: a user's transactions, and a check of all balances. */
#include <stdio.h>

#include "app/database.h"
#include "cli/command.h"
#include "term/table.h"

static bool print_ledger(struct sql_session *session, const struct settings *settings,
                         const char *name, struct error *err)
{
    static const struct column columns[] = {
        { "created", "WHEN", 0 }, { "amount", "AMOUNT", 0 }, { "balance", "BALANCE", 0 },
        { "type", "TYPE", 0 },    { "job", "JOB", 0 },       { "description", "DESCRIPTION", 200 },
    };
    char count[24];
    const char *params[] = { name, count };
    cJSON *ledger;

    snprintf(count, sizeof count, "%lld", (long long)setting_int(settings, "count"));
    if (!database_query(session, "credits_of", 2, params, &ledger, err)) {
        return false;
    }
    if (cJSON_IsNull(ledger)) {
        cJSON_Delete(ledger);
        error_set(err, ERROR_INPUT, "no user or project has the id or address '%.60s'", name);
        return error_hint(err, "Give the id or e-mail address of a user, or the id of a project.");
    }
    if (setting_flag(settings, "json")) {
        table_json(stdout, ledger);
    } else {
        printf("%s (%s) has %lld credits\n", json_peek_text(ledger, "email"),
               json_peek_text(ledger, "user"), (long long)json_peek_int(ledger, "balance", 0));
        table_print(stdout, cJSON_GetObjectItemCaseSensitive(ledger, "entries"), columns,
                    sizeof columns / sizeof *columns);
    }
    cJSON_Delete(ledger);
    return true;
}

static bool check_all(struct sql_session *session, const struct settings *settings,
                      struct error *err)
{
    static const struct column columns[] = { { "finding", "FINDING", 0 },
                                             { "subject", "JOB OR USER", 0 },
                                             { "detail", "DETAIL", 60 } };
    cJSON *findings;
    int count;

    if (!database_query(session, "credits_check", 0, NULL, &findings, err)) {
        return false;
    }
    count = cJSON_GetArraySize(findings);
    if (setting_flag(settings, "json")) {
        table_json(stdout, findings);
    } else if (count > 0) {
        table_print(stdout, findings, columns, 3);
    } else {
        printf("all credits add up\n");
    }
    cJSON_Delete(findings);
    if (count > 0) {
        return error_set(err, ERROR_OUTPUT, "%d errors in the credits", count);
    }
    return true;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct sql_session *session;
    bool check = setting_flag(settings, "check"), good;

    if (argc == 0 && !check) {
        error_set(err, ERROR_INPUT, "'credits' needs a user or a project");
        error_hint(err, "To verify all users: darkroom credits --check");
        return 0;
    }
    session = database_open(settings, "credits", err);
    if (session) {
        good = (argc == 0 || print_ledger(session, settings, argv[0], err)) &&
               (!check || check_all(session, settings, err));
        sql_close(session);
        return good ? 0 : error_rule(err->kind)->exit_status;
    }
    return 0;
}

static const char *const settings_taken[] = { "check", "count", "json", "database-url", NULL };

const struct command command_credits = {
    .name = "credits",
    .arguments = "[USER|E-MAIL|PROJECT]",
    .summary = "show a user's credits, or verify all users' credits",
    .examples = "  darkroom credits seller@example.com\n"
                "  darkroom credits --check              # exit status 7 if they do not add up\n",
    .settings = settings_taken,
    .max_arguments = 1,
    .run = run,
};

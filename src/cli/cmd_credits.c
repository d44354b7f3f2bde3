/* cmd_credits.c - darkroom credits: a user's transactions, credits added by hand, and a check of
 * all users. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ids/find_id.h"
#include "batch/operator.h"
#include "cli/command.h"
#include "term/confirm.h"
#include "term/table.h"
#include "term/term.h"

enum { MAX_CREDITS = 1000000, NOTE_MAX_BYTES = 500 };

/* Prints "seller@example.com (id)"; the application allows users without an address. */
static void print_user(FILE *out, const cJSON *row)
{
    const char *email = json_peek_text(row, "email"), *user = json_peek_text(row, "user");

    if (email) {
        fprintf(out, "%s (%s)", term_text(email, false), term_text(user, false));
    } else {
        fprintf(out, "%s", term_text(user, false));
    }
}

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
        table_json(stdout, ledger, "credit-balance");
    } else {
        print_user(stdout, ledger);
        printf(" has %lld credits\n", (long long)json_peek_int(ledger, "balance", 0));
        table_print(stdout, cJSON_GetObjectItemCaseSensitive(ledger, "entries"), columns,
                    sizeof columns / sizeof *columns);
    }
    cJSON_Delete(ledger);
    return true;
}

static bool check_all(struct sql_session *session, const struct settings *settings,
                      struct error *err)
{
    static const struct column columns[] = { { "kind", "KIND", 0 },
                                             { "user", "USER", 0 },
                                             { "finding", "FINDING", 0 },
                                             { "subject", "JOB OR USER", 0 },
                                             { "detail", "DETAIL", 200 } };
    cJSON *findings;
    int count;

    if (!database_query(session, "credits_check", 0, NULL, &findings, err)) {
        return false;
    }
    count = cJSON_GetArraySize(findings);
    if (setting_flag(settings, "json")) {
        table_json(stdout, findings, "credit-finding");
    } else if (count > 0) {
        table_print(stdout, findings, columns, sizeof columns / sizeof *columns);
    } else {
        printf("all credits add up\n");
    }
    cJSON_Delete(findings);
    if (count > 0) {
        return error_set(err, ERROR_OUTPUT, "%d errors in the credits", count);
    }
    return true;
}

/* -- add --------------------------------------------------------------------------------------- */

static bool read_credits(const char *text, int *out, struct error *err)
{
    char *end;
    long value = strtol(text, &end, 10);

    if (*text == '\0' || *end || value < 1 || value > MAX_CREDITS) {
        error_set(err, ERROR_INPUT, "'%.40s' is not a number of credits", text);
        return error_hint(err, "Give a whole number from 1 to %d.", MAX_CREDITS);
    }
    *out = (int)value;
    return true;
}

/* Adds the credits, or only checks what the balance would be. */
static bool query_add(struct sql_session *session, const char *name, int credits, const char *note,
                      bool only_check, cJSON **out, struct error *err)
{
    char count[24], creator[OPERATOR_BYTES];
    const char *params[] = { name, count, note, creator, only_check ? "true" : "false" };

    snprintf(count, sizeof count, "%d", credits);
    operator_name(creator);
    if (!database_query(session, "credits_add", sizeof params / sizeof *params, params, out, err)) {
        return false;
    }
    if (!json_peek_text(*out, "user")) {
        error_set(err, ERROR_INPUT, "no user has the id or e-mail address '%.60s'", name);
        return error_hint(err, "`darkroom credits USER` shows whether a user exists.");
    }
    return true;
}

static bool confirm_add(const cJSON *plan, struct error *err)
{
    const char *email = json_peek_text(plan, "email"), *user = json_peek_text(plan, "user");
    char question[400];
    enum answer answer;

    snprintf(question, sizeof question,
             "Add %lld credits for %.120s (%.80s)? The balance becomes %lld.",
             (long long)json_peek_int(plan, "credits", 0), email ? email : "a user without address",
             user, (long long)json_peek_int(plan, "after", 0));
    answer = confirm(question);
    if (answer == ANSWER_NO_TERMINAL) {
        error_set(err, ERROR_INPUT, "this adds credits, but there is no terminal to confirm it");
        return error_hint(err, "Check with --dry-run, then use --yes.");
    }
    return answer == ANSWER_YES || error_set(err, ERROR_INPUT, "not added: nothing was changed");
}

static void print_added(const struct settings *settings, const cJSON *added)
{
    if (setting_flag(settings, "json")) {
        table_json(stdout, added, "credits-added");
        return;
    }
    print_user(stdout, added);
    printf(": %lld credits %s, balance %lld -> %lld\n",
           (long long)json_peek_int(added, "credits", 0),
           setting_flag(settings, "dry-run") ? "would be added" : "added",
           (long long)json_peek_int(added, "before", 0),
           (long long)json_peek_int(added, "after", 0));
}

static bool add_credits(struct sql_session *session, const struct settings *settings, char **argv,
                        struct error *err)
{
    const char *note = setting_text(settings, "note");
    bool only_check = setting_flag(settings, "dry-run");
    cJSON *plan = NULL, *added = NULL;
    int credits = 0;
    bool good = read_credits(argv[2], &credits, err) &&
                query_add(session, argv[1], credits, note, true, &plan, err);

    if (good && !only_check && !setting_flag(settings, "yes")) {
        good = confirm_add(plan, err);
    }
    if (good && !only_check) {
        good = query_add(session, argv[1], credits, note, false, &added, err);
    }
    if (good) {
        print_added(settings, only_check ? plan : added);
    }
    cJSON_Delete(plan);
    cJSON_Delete(added);
    return good;
}

/* -- command ----------------------------------------------------------------------------------- */

static bool check_arguments(const struct settings *settings, int argc, char **argv,
                            struct error *err)
{
    const char *note = setting_text(settings, "note");
    bool add = argc > 0 && strcmp(argv[0], "add") == 0;

    if (argc == 0 && !setting_flag(settings, "check")) {
        error_set(err, ERROR_INPUT, "'credits' needs a user or a project");
        return error_hint(err, "To verify all users: darkroom credits --check");
    }
    if (!add) {
        return argc <= 1 || error_set(err, ERROR_INPUT, "'credits' takes one user or project");
    }
    if (argc != 3 || !note || note[0] == '\0') {
        error_set(err, ERROR_INPUT, "'credits add' needs a user, a number of credits and --note");
        return error_hint(err, "darkroom credits add seller@example.com 50 --note 'Goodwill'");
    }
    return strlen(note) <= NOTE_MAX_BYTES ||
           error_set(err, ERROR_INPUT, "--note is longer than %d bytes", NOTE_MAX_BYTES);
}

/* A user, or the project of one. Keeps a text that is neither: the statements say so. */
static bool find_owner(struct sql_session *session, const char *given, char out[ID_TEXT],
                       struct error *err)
{
    return find_id_or_keep(session, ID_USER, given, out, err) &&
           (strcmp(out, given) != 0 || find_id_or_keep(session, ID_PROJECT, given, out, err));
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct sql_session *session;
    char name[ID_TEXT];
    bool check = setting_flag(settings, "check"), good;

    if (!check_arguments(settings, argc, argv, err)) {
        return 0;
    }
    session = database_open(settings, "credits", err);
    if (!session) {
        return 0;
    }
    if (argc > 0 && !find_owner(session, argv[argc == 3], name, err)) {
        sql_close(session);
        return error_rule(err->kind)->exit_status;
    }
    if (argc > 0) {
        argv[argc == 3] = name;
    }
    good = argc == 3   ? add_credits(session, settings, argv, err)
           : argc == 0 ? true
                       : print_ledger(session, settings, argv[0], err);
    good = good && (!check || check_all(session, settings, err));
    sql_close(session);
    return good ? 0 : error_rule(err->kind)->exit_status;
}

static const char *const settings_taken[] = { "check", "count", "note",         "dry-run",
                                              "yes",   "json",  "database-url", NULL };

const struct command command_credits = {
    .name = "credits",
    .arguments = "[USER|E-MAIL|PROJECT | add USER|E-MAIL N]",
    .summary = "show or add a user's credits, or verify all users' credits",
    .examples = "  darkroom credits seller@example.com\n"
                "  darkroom credits add seller@example.com 50 --note 'Goodwill'\n"
                "  darkroom credits --check              # exit status 7 if they do not add up\n",
    .settings = settings_taken,
    .output = output_credits,
    .max_arguments = 3,
    .run = run,
};

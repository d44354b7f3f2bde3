/* test_commands.c - contract of every command and setting: help, examples, defaults, names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/command_table.h"
#include "cli/dispatch.h"
#include "cli/documents/completion.h"
#include "cli/documents/help.h"
#include "cli/documents/reference.h"

enum { LINE_BYTES = 400 };

static struct settings *load(const char *const *environment, const char *command)
{
    struct settings_sources from = { .environment = environment, .command = command };
    struct settings *settings;
    struct error err;

    assert_true(settings_load(&from, &settings, &err));
    return settings;
}

/* Parses the arguments of "darkroom NAME ..." as the program does. */
static bool parse(const char *line, struct arguments *out, struct error *err)
{
    char copy[LINE_BYTES], *words[32], *saved = NULL;
    struct settings *settings = load(NULL, NULL);
    const struct command *command;
    int count = 0;
    bool good;

    snprintf(copy, sizeof copy, "%s", line);
    for (char *word = strtok_r(copy, " ", &saved); word && count < 32;
         word = strtok_r(NULL, " ", &saved)) {
        words[count++] = word;
    }
    command = count > 1 ? command_find(words[1]) : NULL;
    good = command ? arguments_read(command, settings, count - 2, words + 2, out, err)
                   : error_set(err, ERROR_INPUT, "no command in '%s'", line);
    settings_free(settings);
    return good;
}

static void assert_lines_fit(const char *text, const char *name)
{
    for (const char *at = text; *at;) {
        size_t size = strcspn(at, "\n");

        if (size > HELP_WIDTH) {
            fail_msg("%s: wider than %d columns: '%.*s'", name, HELP_WIDTH, (int)size, at);
        }
        at += size + (at[size] == '\n');
    }
}

static void every_command_is_complete(void **state)
{
    (void)state;
    for (int i = 0; commands[i]; i++) {
        const struct command *command = commands[i];

        assert_true(command->name && command->summary && command->examples && command->run);
        assert_non_null(command->arguments);
        assert_true(islower((unsigned char)command->summary[0]));
        assert_true(command->summary[strlen(command->summary) - 1] != '.');
        assert_ptr_equal(command_find(command->name), command);
        for (const char *const *name = command->settings; *name; name++) {
            if (strcmp(*name, PROVIDER_SETTINGS) != 0 && !setting_row(*name)) {
                fail_msg("%s has the unknown setting '%s'", command->name, *name);
            }
        }
    }
}

static void common_settings_belong_to_their_command(void **state)
{
    (void)state;
    for (int i = 0; commands[i]; i++) {
        char copy[LINE_BYTES], *saved = NULL;

        snprintf(copy, sizeof copy, "%s", commands[i]->common ? commands[i]->common : "");
        for (char *name = strtok_r(copy, " ", &saved); name; name = strtok_r(NULL, " ", &saved)) {
            if (!command_has_setting(commands[i], name)) {
                fail_msg("%s has no setting '%s'", commands[i]->name, name);
            }
        }
    }
}

/* Copies one example. A backslash at the end of a line continues it. Returns what follows. */
static const char *next_example(const char *at, char *line)
{
    bool continues;
    int used = 0;

    do {
        int size = (int)strcspn(at, "\n");

        assert_true(size > 2 && at[0] == ' ' && at[1] == ' ');
        continues = at[size - 1] == '\\';
        used += snprintf(line + used, LINE_BYTES - (size_t)used, "%.*s", size - continues, at);
        assert_true(used < LINE_BYTES);
        at += size + (at[size] == '\n');
    } while (continues);
    line[strcspn(line, "#|>")] = '\0';
    return at;
}

static void every_example_parses(void **state)
{
    (void)state;
    for (int i = 0; commands[i]; i++) {
        const char *at = commands[i]->examples;
        int count = 0;

        while (*at) {
            char line[LINE_BYTES];
            struct arguments arguments;
            struct error err;

            at = next_example(at, line);
            if (!parse(line, &arguments, &err)) {
                fail_msg("'%s': %s", line, err.text);
            }
            count++;
        }
        assert_true(count > 0);
    }
}

static void every_setting_is_complete(void **state)
{
    (void)state;
    for (const struct setting *row = setting_table; row->name; row++) {
        char one[64], other[64];

        assert_true(row->help && row->help[0] && row->group && row->group[0]);
        assert_true(row->help[strlen(row->help) - 1] != '.' || strstr(row->help, "..."));
        assert_true(row->type != SETTING_CHOICE || row->choices);
        assert_true(row->type != SETTING_INT || row->max > row->min);
        for (int i = 0; setting_variable(row, NULL, i, one, sizeof one); i++) {
            for (const struct setting *next = row + 1; next->name; next++) {
                assert_string_not_equal(row->name, next->name);
                for (int j = 0; setting_variable(next, NULL, j, other, sizeof other); j++) {
                    assert_string_not_equal(one, other);
                }
            }
        }
    }
}

static void every_setting_is_used_by_a_command(void **state)
{
    (void)state;
    for (const struct setting *row = setting_table; row->name; row++) {
        bool used = false;

        for (int i = 0; commands[i] && !used; i++) {
            used = command_has_setting(commands[i], row->name);
        }
        if (!used) {
            fail_msg("no command uses '%s'", row->name);
        }
    }
}

/* The default of each setting, in each command, is a valid value and the one the command gets. */
static void every_default_is_what_its_command_uses(void **state)
{
    (void)state;
    for (int i = 0; commands[i]; i++) {
        struct settings *settings = load(NULL, commands[i]->name);
        struct setting_list list = { .names = commands[i]->settings };
        const struct setting *row;

        while ((row = setting_list_next(&list))) {
            const char *value = setting_default(row, commands[i]->name);

            assert_null(setting_error(settings, row->name));
            if (value && row->type != SETTING_SECRET) {
                assert_string_equal(setting_text(settings, row->name), value);
                assert_string_equal(setting_source(settings, row->name), "default");
            }
        }
        settings_free(settings);
    }
}

static void every_override_names_a_command(void **state)
{
    (void)state;
    for (const struct setting *row = setting_table; row->name; row++) {
        const struct setting_override *override = row->overrides;

        for (; override && override->command; override++) {
            const struct command *command = command_find(override->command);

            assert_non_null(command);
            assert_true(!override->help || command_has_setting(command, row->name));
        }
    }
}

static void worker_concurrency_does_not_change_bench(void **state)
{
    static const char *const environment[] = { "DARKROOM_CONCURRENCY=32", NULL };
    struct settings *settings = load(environment, "bench");

    (void)state;
    assert_int_equal(setting_int(settings, "concurrency"), 4);
    settings_free(settings);
    settings = load(environment, "work");
    assert_int_equal(setting_int(settings, "concurrency"), 32);
    settings_free(settings);
}

static void unknown_flag_gives_exit_status_2_in_every_command(void **state)
{
    (void)state;
    for (int i = 0; commands[i]; i++) {
        char *words[] = { "darkroom", (char *)commands[i]->name, "--no-such-flag", NULL };

        assert_int_equal(cli_run(3, words), 2);
    }
}

/* What costs money, or cannot be taken back by another command, is asked about first. A new command
 * is added here. */
static void what_costs_or_is_final_can_be_tried_and_confirmed(void **state)
{
    static const char asks[] =
        "demo make migrate regenerate batch accept reject revert export jobs "
        "credits tidy bench";
    /* read only; write new files; or are taken back: enqueue by jobs cancel */
    static const char harmless[] = "work dashboard doctor enqueue review explain status plan "
                                   "models profile config stand-in man completion dev-graph";

    (void)state;
    for (int i = 0; commands[i]; i++) {
        const char *name = commands[i]->name;

        if (!word_list_has(asks, name) && !word_list_has(harmless, name)) {
            fail_msg("decide whether %s asks first", name);
        }
        if (command_has_setting(commands[i], "yes") != word_list_has(asks, name) ||
            command_has_setting(commands[i], "dry-run") != word_list_has(asks, name)) {
            fail_msg("%s: exactly commands that ask take --dry-run and --yes", name);
        }
    }
}

static const char migrate_help[] =
    "darkroom migrate - create or upgrade the database schema; safe to run repeatedly\n"
    "\n"
    "Usage: darkroom migrate [flags]\n"
    "\n"
    "Examples:\n"
    "  darkroom migrate\n"
    "  darkroom migrate --database-url postgresql://postgres@localhost/app --json\n"
    "  darkroom migrate --dry-run            # print the SQL\n"
    "  darkroom migrate --grants worker      # rights of a role for workers\n"
    "  darkroom migrate --undo               # remove it: stop the workers first\n"
    "\n"
    "At a terminal it says what it will do and asks; --yes answers. Without one it\n"
    "goes on without asking, for deployments: a migration only adds, and --undo\n"
    "removes it. --undo needs --yes there.\n"
    "\n"
    "A migration is one transaction. It holds its locks for a moment and waits\n"
    "at most half a second for them, so the application never waits longer.\n"
    "While another session blocks it, it names that session and tries again.\n"
    "\n"
    "Flags:\n"
    "  --database-url URL         the application's database; prefer a direct or\n"
    "                             session connection\n"
    "  --dry-run                  print the SQL that would run, for psql; change\n"
    "                             nothing\n"
    "  --grants ROLE              print the GRANT statements for workers that connect\n"
    "                             as this role\n"
    "  --undo                     remove darkroom from the database and restore the\n"
    "                             application's functions\n"
    "  --yes                      do not ask for confirmation\n"
    "  --json                     print JSON, one object per line\n"
    "  --lock-wait SECONDS        repeat the migration for this long while other\n"
    "                             sessions lock its tables [60]\n"
    "  --json-schema              print a JSON Schema of what --json prints\n"
    "  -h, --help                 show this help\n"
    "\n"
    "`darkroom config` shows the values of all settings, which can also be set by\n"
    "environment variables or in .env, and where each value comes from.\n";

static void help_of_a_command_is_grouped_and_wrapped(void **state)
{
    struct text out;

    (void)state;
    text_begin(&out, HELP_BYTES);
    help_overview(&out);
    assert_lines_fit(out.data, "help");
    text_end(&out);
    for (int i = 0; commands[i]; i++) {
        struct setting_list list = { .names = commands[i]->settings };
        const struct setting *row;

        text_begin(&out, HELP_BYTES);
        help_command(&out, commands[i]);
        assert_false(out.overflow);
        assert_lines_fit(out.data, commands[i]->name);
        while ((row = setting_list_next(&list))) {
            struct text flag;

            text_begin(&flag, HELP_BYTES);
            help_flag(&flag, row, commands[i]->name);
            assert_non_null(strstr(out.data, flag.data));
            text_end(&flag);
        }
        if (strcmp(commands[i]->name, "migrate") == 0) {
            assert_string_equal(out.data, migrate_help);
        }
        text_end(&out);
    }
}

static void reference_has_every_variable(void **state)
{
    struct text markdown, man;

    (void)state;
    text_begin(&markdown, HELP_BYTES);
    text_begin(&man, HELP_BYTES);
    reference_markdown(&markdown);
    reference_man(&man, NULL);
    for (const struct setting *row = setting_table; row->name; row++) {
        char variable[64];

        if (setting_variable(row, NULL, 0, variable, sizeof variable)) {
            assert_non_null(strstr(markdown.data, variable));
            assert_non_null(strstr(man.data, variable));
        }
    }
    text_end(&markdown);
    text_end(&man);
}

static void completion_has_every_command(void **state)
{
    static const char *const shells[] = { "bash", "zsh", "fish" };

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct text out;

        text_begin(&out, HELP_BYTES);
        assert_true(completion_script(&out, shells[i]));
        assert_false(out.overflow);
        for (int j = 0; commands[j]; j++) {
            assert_true(commands[j]->for_developers || strstr(out.data, commands[j]->name));
        }
        text_end(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_is_complete),
        cmocka_unit_test(common_settings_belong_to_their_command),
        cmocka_unit_test(every_example_parses),
        cmocka_unit_test(every_setting_is_complete),
        cmocka_unit_test(every_setting_is_used_by_a_command),
        cmocka_unit_test(every_default_is_what_its_command_uses),
        cmocka_unit_test(every_override_names_a_command),
        cmocka_unit_test(worker_concurrency_does_not_change_bench),
        cmocka_unit_test(unknown_flag_gives_exit_status_2_in_every_command),
        cmocka_unit_test(what_costs_or_is_final_can_be_tried_and_confirmed),
        cmocka_unit_test(help_of_a_command_is_grouped_and_wrapped),
        cmocka_unit_test(reference_has_every_variable),
        cmocka_unit_test(completion_has_every_command),
    };

    command_table_register();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

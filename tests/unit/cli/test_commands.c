/* test_commands.c - every row of the tables keeps its promises: help, examples that parse, names.
 */
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
#include "cli/help.h"

static struct settings *no_settings(void)
{
    struct settings_sources from = { 0 };
    struct settings *settings;
    struct error err;

    assert_true(settings_load(&from, &settings, &err));
    return settings;
}

/* Reads the words of "darkroom NAME ..." as the program would. */
static bool parse(const char *line, struct arguments *out, struct error *err)
{
    char copy[400], *words[32], *saved = NULL;
    const struct command *command = NULL;
    struct settings *settings = no_settings();
    int count = 0;
    bool good;

    snprintf(copy, sizeof copy, "%s", line);
    for (char *word = strtok_r(copy, " ", &saved); word && count < 32;
         word = strtok_r(NULL, " ", &saved)) {
        words[count++] = word;
    }
    for (int i = 0; commands[i] && count > 1; i++) {
        command = strcmp(commands[i]->name, words[1]) == 0 ? commands[i] : command;
    }
    good = command ? arguments_read(command, settings, count - 2, words + 2, out, err)
                   : error_set(err, ERROR_INPUT, "no command in '%s'", line);
    settings_free(settings);
    return good;
}

static void commands_are_whole(void **state)
{
    (void)state;
    for (int i = 0; commands[i]; i++) {
        const struct command *command = commands[i];

        assert_true(command->name && command->summary && command->examples && command->run);
        assert_non_null(command->arguments);
        assert_true(islower((unsigned char)command->summary[0]));
        assert_true(strlen(command->summary) < 80);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(command->name, commands[j]->name);
        }
        for (const char *const *name = command->settings; *name; name++) {
            if (!setting_row(*name) && strcmp(*name, PROVIDER_SETTINGS) != 0) {
                fail_msg("%s takes the unknown setting '%s'", command->name, *name);
            }
        }
    }
}

static void examples_parse(void **state)
{
    (void)state;
    for (int i = 0; commands[i]; i++) {
        const char *at = commands[i]->examples;
        int count = 0;

        while (*at) {
            size_t size = strcspn(at, "\n");
            char line[400];
            struct arguments arguments;
            struct error err;

            assert_int_equal(at[0], ' ');
            assert_true(size + 1 < sizeof line);
            snprintf(line, sizeof line, "%.*s", (int)size - 2, at + 2);
            line[strcspn(line, "#|")] = '\0';
            if (!parse(line, &arguments, &err)) {
                fail_msg("'%s': %s", line, err.text);
            }
            count++;
            at += size + (at[size] == '\n');
        }
        assert_true(count > 0);
    }
}

static void settings_are_whole(void **state)
{
    (void)state;
    for (const struct setting *row = setting_table; row->name; row++) {
        char one[64], other[64];

        assert_true(row->help && row->help[0]);
        assert_true(islower((unsigned char)row->help[0]) || strncmp(row->help, "A+", 2) == 0);
        assert_true(row->help[strlen(row->help) - 1] != '.');
        assert_true(row->type != SETTING_CHOICE || row->choices);
        assert_true(row->type != SETTING_INT || row->max > row->min);
        for (int i = 0; setting_variable(row, i, one, sizeof one); i++) {
            for (const struct setting *next = row + 1; next->name; next++) {
                assert_string_not_equal(row->name, next->name);
                for (int j = 0; setting_variable(next, j, other, sizeof other); j++) {
                    assert_string_not_equal(one, other);
                }
            }
        }
    }
}

static void flags_take_values_in_both_ways(void **state)
{
    char *words[] = { "--status=failed", "--count", "7", "--json", "show", "--", "--x" };
    struct settings *settings = no_settings();
    const struct command *jobs = NULL;
    struct arguments arguments;
    struct error err;

    (void)state;
    for (int i = 0; commands[i]; i++) {
        jobs = strcmp(commands[i]->name, "jobs") == 0 ? commands[i] : jobs;
    }
    assert_true(arguments_read(jobs, settings, 7, words, &arguments, &err));
    assert_string_equal(setting_text(settings, "status"), "failed");
    assert_int_equal(setting_int(settings, "count"), 7);
    assert_true(setting_flag(settings, "json"));
    assert_int_equal(arguments.count, 2);
    assert_string_equal(arguments.words[0], "show");
    assert_string_equal(arguments.words[1], "--x");
    settings_free(settings);
}

static void mistakes_are_explained(void **state)
{
    static const char *const lines[][2] = {
        { "darkroom work --drian", "Did you mean --drain?" },
        { "darkroom work --dra", "Did you mean --drain?" }, /* an abbreviation is none */
        { "darkroom work --openai-key sk-1", "OPENAI_API_KEY" },
        { "darkroom work -d", "two dashes" },
        { "darkroom work now", "usage: darkroom work" },
        { "darkroom enqueue", "usage: darkroom enqueue [flags] PROJECT" },
        { "darkroom work --jobs", "jobs at once" },
    };
    struct arguments arguments;
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_false(parse(lines[i][0], &arguments, &err));
        assert_int_equal(err.kind, ERROR_INPUT);
        if (!strstr(err.hint, lines[i][1])) {
            fail_msg("'%s' has the hint '%s'", lines[i][0], err.hint);
        }
    }
}

static void help_is_as_it_was(void **state)
{
    static const char golden[] =
        "darkroom migrate - bring the database up to date: safe to run again, and by two at once\n"
        "\n"
        "usage: darkroom migrate [flags]\n"
        "\n"
        "examples:\n"
        "  darkroom migrate\n"
        "  darkroom migrate --database-url postgresql://postgres@localhost/app --json\n"
        "  darkroom migrate --undo              # and back: stop the workers first\n"
        "\n"
        "flags:\n"
        "  --database-url URL          the application's database; a direct or session connection "
        "is best\n"
        "  --undo                      take darkroom out of the database again: the application's "
        "own functions come back\n"
        "  --json                      print JSON, one object a line\n"
        "  -h, --help                  this help\n"
        "\n"
        "Each flag can stand in the environment or in .env too: `darkroom config`.\n";
    struct text out;

    (void)state;
    for (int i = 0; commands[i]; i++) {
        text_begin(&out, 65536);
        help_command(&out, commands[i]);
        assert_false(out.overflow);
        if (strcmp(commands[i]->name, "migrate") == 0) {
            assert_string_equal(out.data, golden);
        }
        text_end(&out);
    }
}

static void document_has_every_setting(void **state)
{
    struct text out;

    (void)state;
    text_begin(&out, 65536);
    help_markdown(&out);
    for (const struct setting *row = setting_table; row->name; row++) {
        char variable[64];

        if (setting_variable(row, 0, variable, sizeof variable)) {
            assert_non_null(strstr(out.data, variable));
        }
    }
    text_end(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_are_whole),
        cmocka_unit_test(examples_parse),
        cmocka_unit_test(settings_are_whole),
        cmocka_unit_test(flags_take_values_in_both_ways),
        cmocka_unit_test(mistakes_are_explained),
        cmocka_unit_test(help_is_as_it_was),
        cmocka_unit_test(document_has_every_setting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

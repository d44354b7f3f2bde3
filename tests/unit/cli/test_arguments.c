/* test_arguments.c - how flags and arguments are parsed, and what a mistake is answered with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/command_table.h"
#include "cli/documents/help.h"

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

static void old_flag_names_are_accepted_and_not_shown(void **state)
{
    char *words[] = { "--economy", "--all" }; /* an alias and a flag */
    const struct command *regenerate = command_find("regenerate");
    struct settings *settings = load(NULL, "regenerate");
    struct arguments arguments;
    struct error err;
    struct text help;

    (void)state;
    assert_true(arguments_read(regenerate, settings, 2, words, &arguments, &err));
    assert_true(setting_flag(settings, "batch-api"));
    settings_free(settings);
    text_begin(&help, HELP_BYTES);
    help_command(&help, regenerate);
    assert_non_null(strstr(help.data, "--batch-api"));
    assert_null(strstr(help.data, "--economy")); /* the alias */
    text_end(&help);
}

static void flag_value_follows_as_a_word_or_after_equals(void **state)
{
    char *words[] = { "--status=failed", "--count", "7", "--json", "show", "--", "--x" };
    struct settings *settings = load(NULL, "jobs");
    struct arguments arguments;
    struct error err;

    (void)state;
    assert_true(arguments_read(command_find("jobs"), settings, 7, words, &arguments, &err));
    assert_string_equal(setting_text(settings, "status"), "failed");
    assert_int_equal(setting_int(settings, "count"), 7);
    assert_true(setting_flag(settings, "json"));
    assert_int_equal(arguments.count, 2);
    assert_string_equal(arguments.words[0], "show");
    assert_string_equal(arguments.words[1], "--x");
    settings_free(settings);
}

static void mistakes_get_a_hint(void **state)
{
    static const char *const lines[][2] = {
        { "darkroom work --drian", "Did you mean --drain?" },
        { "darkroom work --dra", "Did you mean --drain?" }, /* abbreviations are not accepted */
        { "darkroom work --openai-key sk-1", "OPENAI_API_KEY" },
        { "darkroom work -d", "two dashes" },
        { "darkroom work now", "Usage: darkroom work" },
        { "darkroom enqueue", "Usage: darkroom enqueue [flags] PROJECT" },
        { "darkroom work --jobs", "maximum jobs at once" },
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

/* Other users can read the command line of a process: `ps`, /proc/PID/cmdline. */
static void keys_and_passwords_are_overwritten_in_the_arguments(void **state)
{
    char url[] = "postgresql://u:hunter2@h/d", keywords[] = "--database-url=password=hunter2",
         proxy[] = "http://u:hunter2@127.0.0.1:1/v1", plain[] = "http://127.0.0.1:1/v1",
         key[] = "sk-hunter2", url_flag[] = "--database-url", base_flag[] = "--openai-base-url",
         base_again[] = "--openai-base-url", key_flag[] = "--openai-key";
    char *words[] = { url_flag, url, base_flag, proxy, base_again, plain, keywords, key_flag, key };
    const struct command *work = command_find("work");
    struct settings *settings = load(NULL, "work");
    struct arguments arguments;
    struct error err;

    (void)state;
    assert_false(
        arguments_read(work, settings, 9, words, &arguments, &err)); /* keys have no flag */
    for (int i = 0; i < 9; i++) {
        assert_null(strstr(words[i], "hunter2"));
    }
    assert_string_equal(plain, "http://127.0.0.1:1/v1");
    assert_string_equal(url, "**************************");
    assert_string_equal(setting_text(settings, "database-url"), "password=hunter2");
    settings_free(settings);
}

static void json_schema_needs_no_other_argument(void **state)
{
    struct arguments arguments;
    struct error err;

    (void)state;
    assert_true(parse("darkroom enqueue --json-schema", &arguments, &err)); /* without PROJECT */
    assert_true(arguments.json_schema);
    assert_false(arguments.help);
    assert_true(parse("darkroom enqueue p1 --json", &arguments, &err));
    assert_false(arguments.json_schema);
    assert_false(parse("darkroom enqueue -- --json-schema p1", &arguments, &err));
}

static void commands_that_print_documents_reject_json(void **state)
{
    static const char *const lines[] = { "darkroom man --json", "darkroom completion bash --json",
                                         "darkroom man --json-schema" };
    struct arguments arguments;
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_false(parse(lines[i], &arguments, &err));
        assert_int_equal(err.kind, ERROR_INPUT);
        if (!strstr(err.text, "prints a document, so it has no --")) {
            fail_msg("'%s': %s", lines[i], err.text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(old_flag_names_are_accepted_and_not_shown),
        cmocka_unit_test(flag_value_follows_as_a_word_or_after_equals),
        cmocka_unit_test(mistakes_get_a_hint),
        cmocka_unit_test(keys_and_passwords_are_overwritten_in_the_arguments),
        cmocka_unit_test(json_schema_needs_no_other_argument),
        cmocka_unit_test(commands_that_print_documents_reject_json),
    };

    command_table_register();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

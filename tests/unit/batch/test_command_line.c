/* test_command_line.c - flags are printed so that a shell reads the same values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "batch/command_line.h"

static void special_characters_are_quoted(void **state)
{
    static const char *const cases[][2] = {
        { "plain-1_2./:@", "plain-1_2./:@" },
        { "", "''" },
        { "two words", "'two words'" },
        { "it's", "'it'\\''s'" },
        { "$(rm -rf x)`y`\\", "'$(rm -rf x)`y`\\'" },
        { "a;b", "'a;b'" },
        { "*", "'*'" },
        { "gr\xc3\xbc\xc3\x9f", "'gr\xc3\xbc\xc3\x9f'" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text out;

        text_begin(&out, 1000);
        command_line_word(&out, cases[i][0]);
        assert_string_equal(out.data, cases[i][1]);
        text_end(&out);
    }
}

static void set(struct settings *settings, const char *name, const char *value)
{
    struct error err;

    assert_true(settings_set(settings, setting_row(name), value, &err));
}

static void only_named_flags_are_printed_without_secrets(void **state)
{
    static const char *const names[] = { "type", "where", "here", "jobs", "database-url", NULL };
    static const char *const environment[] = { "DARKROOM_JOBS=7", NULL };
    const struct settings_sources from = { .environment = environment };
    struct settings *settings;
    struct text out;
    struct error err;

    (void)state;
    assert_true(settings_load(&from, &settings, &err));
    text_begin(&out, 1000);
    command_line_flags(&out, settings,
                       names); /* environment variables are not printed: they remain set */
    assert_string_equal(out.data, "");
    set(settings, "type", "LIFESTYLE");
    set(settings, "type", "MAIN_IMAGE");
    set(settings, "where", "style = 'x y'");
    set(settings, "here", "no");
    set(settings, "jobs", "3");
    set(settings, "database-url", "postgresql://u:secret@h/d"); /* URLs are never printed */
    set(settings, "variants", "2");                             /* not in names */
    command_line_flags(&out, settings, names);
    assert_string_equal(out.data, " --type LIFESTYLE --type MAIN_IMAGE --where 'style = '\\''x "
                                  "y'\\''' --no-here --jobs 3");
    text_end(&out);
    settings_free(settings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(special_characters_are_quoted),
        cmocka_unit_test(only_named_flags_are_printed_without_secrets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

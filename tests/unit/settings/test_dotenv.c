/* test_dotenv.c - .env files mean what they mean to @next/env 16.4.6: each case was read by it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings/dotenv.h"

static const char *nothing(const char *name, void *context)
{
    (void)context;
    return strcmp(name, "SHELLVAR") == 0 ? "sv" : NULL;
}

static const struct {
    const char *text, *name, *value; /* value NULL: the name is not there */
} cases[] = {
    { "A=1\n", "A", "1" },
    { "A = 1 \n", "A", "1" },
    { "A=1", "A", "1" },
    { "export A=1\n", "A", "1" },
    { "  A=1\r\nB=2\r\n", "B", "2" },
    { "A=1\rB=2\r", "B", "2" },
    { "A=a#b\n", "A", "a" },
    { "A='a#b'\n", "A", "a#b" },
    { "A=\"x\\ny\"\n", "A", "x\ny" },
    { "A='x\\ny'\n", "A", "x\\ny" },
    { "A=`it's \"x\"`\n", "A", "it's \"x\"" },
    { "A=pa$$word\n", "A", "pa$" },
    { "A=pa\\$word\n", "A", "pa$word" },
    { "A='p$A1'\nA1=z\n", "A", "pz" },
    { "A1=z\nA=p${A1}q\n", "A", "pzq" },
    { "A=${NOPE:-def}\n", "A", "def" },
    { "A=$HOME_X\n", "A", "" },
    { "A=\"multi\nline\"\n", "A", "multi\nline" },
    { "A=\nB=2\n", "A", "" },
    { "A=\nB=2\n", "B", "2" },
    { "# A=1\nB=2 # c\n", "A", NULL },
    { "# A=1\nB=2 # c\n", "B", "2" },
    { "A=\"un\nB=2\n", "A", "\"un" },
    { "A=\"un\nB=2\n", "B", "2" },
    { "A: yaml\n", "A", "yaml" },
    { "A=\"a\" b\n", "A", "\"a\" b" },
    { "A=\"a\\\"b\"\n", "A", "a\\\"b" },
    { "A=x\nA=y\n", "A", "y" },
    { "A.b-c=1\n", "A.b-c", "1" },
    { "A=\"q\" # c\n", "A", "q" },
    { "A\n=1\n", "A", "1" },
    { "\xef\xbb\xbf"
      "A=1\n",
      "A", "1" },
    { "A=${B}\nB=late\n", "A", "late" },
    { "A='it\\'s'\n", "A", "it\\'s" },
    { "A=\"p$\"\n", "A", "p$" },
    { "A=$\n", "A", "$" },
    { "A=a$B$C\nB=1\nC=2\n", "A", "a" },
    { "export\nA=1\n", "A", "1" },
    { "A=\"\n", "A", "\"" },
    { "A==x\n", "A", "=x" },
    { "A=\n'next'\n", "A", "next" },
    { "A=a\\$B$C\nC=9\n", "A", "a$B9" },
    { "R=a$&b\nA=$R\n", "A", "a" },
    { "A=\"trailing\"x\"\n", "A", "trailing\"x" },
    { "A=  spaced out  \n", "A", "spaced out" },
    { "A=\xc3\xbc"
      "ber\n",
      "A",
      "\xc3\xbc"
      "ber" },
    { "A=[$SHELLVAR]\n", "A", "[sv]" },
    { "export FOO\nBAR=1\n", "FOO", NULL },
    { "export FOO\nBAR=1\n", "BAR", "1" },
};

static void means_what_it_means_to_next(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dotenv dotenv;
        struct error err;
        const char *value;

        if (!dotenv_read(cases[i].text, strlen(cases[i].text), nothing, NULL, &dotenv, &err)) {
            fail_msg("case %zu: %s", i, err.text);
        }
        value = dotenv_find(&dotenv, cases[i].name);
        if (cases[i].value ? !value || strcmp(value, cases[i].value) != 0 : value != NULL) {
            fail_msg("%s: %s is '%s', not '%s'", cases[i].text, cases[i].name,
                     value ? value : "(nothing)", cases[i].value ? cases[i].value : "(nothing)");
        }
        dotenv_free(&dotenv);
    }
}

static void refuses_what_never_ends(void **state)
{
    struct dotenv dotenv;
    struct error err;
    char bomb[2048] = "A0=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n";

    (void)state;
    assert_false(dotenv_read("A=secret$A\n", 11, nothing, NULL, &dotenv, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_null(strstr(err.text, "secret"));
    for (int i = 1; i < 30; i++) { /* each doubles the one before */
        size_t used = strlen(bomb);

        snprintf(bomb + used, sizeof bomb - used, "A%d=${A%d}${A%d}\n", i, i - 1, i - 1);
    }
    assert_false(dotenv_read(bomb, strlen(bomb), nothing, NULL, &dotenv, &err));
}

static void refuses_what_is_no_text(void **state)
{
    struct dotenv dotenv;
    struct error err;
    char *large = malloc(DOTENV_BYTES + 1);

    (void)state;
    assert_false(dotenv_read("A=1\0B=2", 7, nothing, NULL, &dotenv, &err));
    memset(large, 'A', DOTENV_BYTES + 1);
    assert_false(dotenv_read(large, DOTENV_BYTES + 1, nothing, NULL, &dotenv, &err));
    free(large);
    assert_true(dotenv_read("", 0, nothing, NULL, &dotenv, &err));
    assert_int_equal(dotenv.count, 0);
    dotenv_free(&dotenv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_what_it_means_to_next),
        cmocka_unit_test(refuses_what_never_ends),
        cmocka_unit_test(refuses_what_is_no_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_results_folder.c - a demo's results go into its own folder and leave other files alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "demo/results_folder.h"

static char folder[] = "/tmp/dr-outbox-XXXXXX";
static char path[200];

static const char *in(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void is_there(const char *name, bool there)
{
    assert_int_equal(access(in(name), F_OK), there ? 0 : -1);
}

static void a_new_folder_that_stayed_empty_goes_again(void **state)
{
    struct results_folder results_folder;
    struct error err = { 0 };

    (void)state;
    assert_true(results_folder_open(&results_folder, in("new"), &err));
    is_there("new", true);
    results_folder_close(&results_folder);
    is_there("new", false);
}

static void what_was_put_is_replaced_and_nothing_else(void **state)
{
    char name[200];
    struct results_folder results_folder;
    struct error err = { 0 };

    (void)state;
    snprintf(name, sizeof name, "%s", in("album"));
    assert_true(results_folder_open(&results_folder, name, &err));
    assert_true(results_folder_put(&results_folder, "old.png", "x", 1, &err));
    results_folder_close(&results_folder);
    is_there("album/old.png", true);
    assert_true(file_write(in("album/mine.txt"), "x", 1, &err));

    assert_true(results_folder_open(&results_folder, name, &err)); /* an earlier demo's */
    assert_true(results_folder_clear(&results_folder, &err));
    assert_true(results_folder_put(&results_folder, "new.png", "x", 1, &err));
    results_folder_close(&results_folder);
    is_there("album/old.png", false);
    is_there("album/new.png", true);
    is_there("album/mine.txt", true);
}

static void a_foreign_folder_is_refused(void **state)
{
    struct results_folder results_folder;
    struct error err = { 0 };

    (void)state;
    assert_true(file_write(in("foreign/thesis.tex"), "x", 1, &err));
    assert_false(results_folder_open(&results_folder, in("foreign"), &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    results_folder_close(&results_folder);
    is_there("foreign/thesis.tex", true);
    assert_false(results_folder_open(&results_folder, in("foreign/thesis.tex"),
                                     &err)); /* no folder at all */
    results_folder_close(&results_folder);
}

static void a_list_cannot_reach_outside(void **state)
{
    struct results_folder results_folder;
    struct error err = { 0 };

    (void)state;
    assert_true(file_write(in("victim"), "x", 1, &err));
    assert_true(file_write(in("trap/.darkroom-demo"), "../victim\n..\n.\n\n", 15, &err));
    assert_true(results_folder_open(&results_folder, in("trap"), &err));
    if (!results_folder_clear(&results_folder, &err)) {
        assert_int_not_equal(err.kind, ERROR_NONE);
    }
    assert_false(results_folder_put(&results_folder, "../victim", "y", 1, &err));
    results_folder_close(&results_folder);
    is_there("victim", true);
}

static int begin(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int end(void **state)
{
    struct error err;

    (void)state;
    return folder_remove(folder, &err) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_folder_that_stayed_empty_goes_again),
        cmocka_unit_test(what_was_put_is_replaced_and_nothing_else),
        cmocka_unit_test(a_foreign_folder_is_refused),
        cmocka_unit_test(a_list_cannot_reach_outside),
    };

    return cmocka_run_group_tests(tests, begin, end);
}

/* test_results_folder.c - results go into their own folder, and other files are never changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "demo/results_folder.h"

static char folder[] = "/tmp/dr-results-XXXXXX";
static char path[200];

static const char *in(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void expect_file(const char *name, bool exists)
{
    assert_int_equal(access(in(name), F_OK), exists ? 0 : -1);
}

static void created_folder_without_results_is_removed(void **state)
{
    struct results_folder results_folder;
    struct error err = { 0 };

    (void)state;
    assert_true(results_folder_open(&results_folder, in("new"), &err));
    expect_file("new", true);
    results_folder_close(&results_folder);
    expect_file("new", false);
}

static void only_files_of_the_earlier_demo_are_removed(void **state)
{
    char name[200];
    struct results_folder results_folder;
    struct error err = { 0 };

    (void)state;
    snprintf(name, sizeof name, "%s", in("album"));
    assert_true(results_folder_open(&results_folder, name, &err));
    assert_true(results_folder_put(&results_folder, "old.png", "x", 1, &err));
    results_folder_close(&results_folder);
    expect_file("album/old.png", true);
    assert_true(file_write(in("album/mine.txt"), "x", 1, &err));

    assert_true(
        results_folder_open(&results_folder, name, &err)); /* the folder of an earlier demo */
    assert_true(results_folder_clear(&results_folder, &err));
    assert_true(results_folder_put(&results_folder, "new.png", "x", 1, &err));
    results_folder_close(&results_folder);
    expect_file("album/old.png", false);
    expect_file("album/new.png", true);
    expect_file("album/mine.txt", true);
}

static void folder_with_other_files_is_refused(void **state)
{
    struct results_folder results_folder;
    struct error err = { 0 };

    (void)state;
    assert_true(file_write(in("foreign/thesis.tex"), "x", 1, &err));
    assert_false(results_folder_open(&results_folder, in("foreign"), &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    results_folder_close(&results_folder);
    expect_file("foreign/thesis.tex", true);
    assert_false(results_folder_open(&results_folder, in("foreign/thesis.tex"), &err)); /* a file */
    results_folder_close(&results_folder);
}

static void forged_list_removes_nothing_outside_the_folder(void **state)
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
    expect_file("victim", true);
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
        cmocka_unit_test(created_folder_without_results_is_removed),
        cmocka_unit_test(only_files_of_the_earlier_demo_are_removed),
        cmocka_unit_test(folder_with_other_files_is_refused),
        cmocka_unit_test(forged_list_removes_nothing_outside_the_folder),
    };

    return cmocka_run_group_tests(tests, begin, end);
}

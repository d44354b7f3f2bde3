/* test_program_path.c - the command that starts this program again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/program_path.h"

static char program[PATH_MAX], folder[] = "/tmp/darkroom-path-XXXXXX", link_path[PATH_MAX];

static int setup(void **state)
{
    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);

    (void)state;
    if (size <= 0 || !mkdtemp(folder)) {
        return -1;
    }
    program[size] = '\0';
    snprintf(link_path, sizeof link_path, "%s/darkroom", folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unlink(link_path);
    return rmdir(folder);
}

static void path_is_relative_below_the_current_folder(void **state)
{
    char copy[PATH_MAX], out[PATH_MAX], expected[PATH_MAX];

    (void)state;
    setenv("PATH", "/nonexistent", 1);
    snprintf(copy, sizeof copy, "%s", program);
    assert_int_equal(chdir(dirname(copy)), 0);
    snprintf(expected, sizeof expected, "./%s", strrchr(program, '/') + 1);
    program_path(out, sizeof out);
    assert_string_equal(out, expected);
}

static void path_is_absolute_outside_the_current_folder(void **state)
{
    char out[PATH_MAX];

    (void)state;
    setenv("PATH", "/nonexistent", 1);
    assert_int_equal(chdir(folder), 0);
    program_path(out, sizeof out);
    assert_string_equal(out, program);
}

static void name_is_enough_if_path_finds_this_program(void **state)
{
    char out[PATH_MAX], folders[PATH_MAX];

    (void)state;
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(symlink(program, link_path), 0);
    snprintf(folders, sizeof folders, "/nonexistent:%s", folder);
    setenv("PATH", folders, 1);
    program_path(out, sizeof out);
    assert_string_equal(out, "darkroom");
}

static void another_program_of_that_name_in_path_is_not_this_one(void **state)
{
    char out[PATH_MAX];

    (void)state;
    unlink(link_path);
    assert_int_equal(symlink("/bin/true", link_path), 0);
    setenv("PATH", folder, 1);
    assert_int_equal(chdir(folder), 0);
    program_path(out, sizeof out);
    assert_string_equal(out, program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(path_is_relative_below_the_current_folder),
        cmocka_unit_test(path_is_absolute_outside_the_current_folder),
        cmocka_unit_test(name_is_enough_if_path_finds_this_program),
        cmocka_unit_test(another_program_of_that_name_in_path_is_not_this_one),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}

/* test_run_folder.c - the folder of a run belongs to one process and one product. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "demo/run_folder.h"
#include "io/file.h"

static char out[] = "/tmp/dr-state-XXXXXX";

static void open_state(struct run_folder *state, const char *identity)
{
    struct error err = { 0 };

    if (!run_folder_open(state, out, identity, provider_find("offline"), &err)) {
        fail_msg("%s", err.text);
    }
}

static void unfinished_folder_stays_and_is_found_again(void **unused)
{
    struct run_folder state;
    char folder[4096];

    (void)unused;
    open_state(&state, "aa");
    snprintf(folder, sizeof folder, "%s", state.folder);
    assert_true(state.database[0] != '\0');
    run_folder_close(&state, false);
    assert_int_equal(access(folder, F_OK), 0);
    open_state(&state, "aa");
    assert_string_equal(state.folder, folder);
    run_folder_close(&state, true);
    assert_int_equal(access(folder, F_OK), -1);
}

/* As root, the database is outside of the folder. */
static void removed_folder_leaves_nothing_to_continue(void **unused)
{
    struct run_folder state;
    struct error err = { 0 };
    char file[4200];

    (void)unused;
    open_state(&state, "aa");
    snprintf(file, sizeof file, "%s/PG_VERSION", state.database);
    assert_true(file_write(file, "15", 2, &err));
    run_folder_close(&state, false);
    open_state(&state, "aa");
    assert_int_equal(access(file, F_OK), 0);
    run_folder_close(&state, false);
    assert_true(folder_remove(out, &err));
    open_state(&state, "aa");
    assert_int_equal(access(file, F_OK), -1);
    run_folder_close(&state, true);
}

static void folder_of_other_photos_is_refused(void **unused)
{
    struct error err = { 0 };
    struct run_folder state;

    (void)unused;
    open_state(&state, "aa");
    run_folder_close(&state, false);
    assert_false(run_folder_open(&state, out, "ab", provider_find("offline"), &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_non_null(strstr(err.text, "other photos"));
    run_folder_close(&state, false);
    open_state(&state, "aa");
    run_folder_close(&state, true);
}

static void placeholders_and_paid_images_are_not_mixed(void **unused)
{
    struct run_folder state;
    struct error err = { 0 };
    char image[4200];

    (void)unused;
    open_state(&state, "aa");
    snprintf(image, sizeof image, "%s/store/image", state.folder);
    assert_true(file_write(image, "x", 1, &err));
    run_folder_close(&state, false);
    open_state(&state, "aa"); /* placeholders again: it is continued */
    assert_int_equal(access(image, F_OK), 0);
    run_folder_close(&state, false);
    assert_true(run_folder_open(&state, out, "aa", provider_find("openai"),
                                &err)); /* placeholders are discarded */
    assert_int_equal(access(image, F_OK), -1);
    assert_true(file_write(image, "x", 1, &err));
    run_folder_close(&state, false);
    assert_false(run_folder_open(&state, out, "aa", provider_find("offline"), &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_non_null(strstr(err.text, "unfinished pack of provider openai"));
    assert_non_null(strstr(err.hint, "--provider openai"));
    run_folder_close(&state, false);
    assert_true(run_folder_open(&state, out, "aa", provider_find("openai"), &err));
    assert_int_equal(access(image, F_OK), 0); /* what is paid for is kept */
    run_folder_close(&state, true);
}

static void second_process_is_refused(void **unused)
{
    struct run_folder state, second;
    struct error err = { 0 };

    (void)unused;
    open_state(&state, "aa");
    assert_false(run_folder_open(&second, out, "aa", NULL,
                                 &err)); /* another descriptor: as another process */
    assert_non_null(strstr(err.text, "another darkroom make"));
    run_folder_close(&second, false);
    run_folder_close(&state, true);
}

static void temporary_folder_is_removed(void **unused)
{
    struct run_folder state;
    struct error err = { 0 };
    char folder[4096];

    (void)unused;
    assert_true(run_folder_temporary(&state, &err));
    snprintf(folder, sizeof folder, "%s", state.folder);
    assert_int_equal(access(folder, F_OK), 0);
    run_folder_close(&state, false);
    assert_int_equal(access(folder, F_OK), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unfinished_folder_stays_and_is_found_again),
        cmocka_unit_test(removed_folder_leaves_nothing_to_continue),
        cmocka_unit_test(folder_of_other_photos_is_refused),
        cmocka_unit_test(placeholders_and_paid_images_are_not_mixed),
        cmocka_unit_test(second_process_is_refused),
        cmocka_unit_test(temporary_folder_is_removed),
    };
    struct error err;
    int failed;

    if (!mkdtemp(out)) {
        return 1;
    }
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return folder_remove(out, &err) ? failed : 1;
}

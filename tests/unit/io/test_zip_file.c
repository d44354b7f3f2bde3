/* test_zip_file.c - a ZIP holds what was added, the same bytes each time, no unsafe name, and is
 * whole or absent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/file.h"
#include "io/zip_file.h"

static char folder[64];

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/dr-zip.XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct error err;

    (void)state;
    return folder_remove(folder, &err) ? 0 : -1;
}

static const char *path_of(const char *name)
{
    static char path[2][128];
    static int next;

    next = !next;
    snprintf(path[next], sizeof path[next], "%s/%s", folder, name);
    return path[next];
}

static int count_files(void)
{
    DIR *dir = opendir(folder);
    int count = 0;

    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        count += entry->d_name[0] != '.';
    }
    closedir(dir);
    return count;
}

static void write_zip(const char *path, bool replace)
{
    struct blob first = blob_text("first"), none = { 0 };
    struct error err;
    struct zip_file *zip = zip_file_create(path, &err);

    assert_non_null(zip);
    assert_true(zip_file_add(zip, "B0X.MAIN.jpg", &first, &err));
    assert_true(zip_file_add(zip, "report/report.txt", &none, &err));
    assert_true(zip_file_finish(zip, replace, &err));
}

static struct blob content_of(const char *path)
{
    struct blob out;
    struct error err;

    assert_true(file_read(path, 1 << 20, &out, NULL, &err));
    return out;
}

static void entries_are_stored_with_their_names(void **state)
{
    struct blob file;

    (void)state;
    write_zip(path_of("stored.zip"), false);
    file = content_of(path_of("stored.zip"));
    assert_memory_equal(file.data, "PK\3\4", 4);
    assert_int_equal(file.data[8], 0);  /* not compressed */
    assert_int_equal(file.data[18], 5); /* its size */
    assert_int_equal(file.data[22], 5);
    assert_non_null(memmem(file.data, file.size, "B0X.MAIN.jpgfirst", 17));
    assert_non_null(memmem(file.data, file.size, "report/report.txt", 17));
    blob_free(&file);
}

static void same_entries_give_the_same_bytes(void **state)
{
    struct blob one, two;

    (void)state;
    write_zip(path_of("one.zip"), false);
    setenv("TZ", "Pacific/Apia", 1);
    write_zip(path_of("two.zip"), false);
    unsetenv("TZ");
    one = content_of(path_of("one.zip"));
    two = content_of(path_of("two.zip"));
    assert_int_equal(one.size, two.size);
    assert_memory_equal(one.data, two.data, one.size);
    blob_free(&one);
    blob_free(&two);
}

static void unsafe_names_are_rejected(void **state)
{
    static const char *const names[] = { "",     "/etc/passwd", "../x",     "a/../b", "a\\b",
                                         "a\nb", "a//b",        "a/",       ".x",     "a/.x",
                                         "a b",  "\xc3\xa9",    "a\x1b[2J", "C:x",    "twice" };
    char long_name[300];
    struct blob content = blob_text("x");
    struct error err;
    struct zip_file *zip = zip_file_create(path_of("unsafe.zip"), &err);

    (void)state;
    assert_non_null(zip);
    assert_true(zip_file_add(zip, "twice", &content, &err));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (zip_file_add(zip, names[i], &content, &err)) {
            fail_msg("'%s' was accepted", names[i]);
        }
    }
    memset(long_name, 'a', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    assert_false(zip_file_add(zip, long_name, &content, &err));
    zip_file_abandon(zip);
    assert_int_not_equal(access(path_of("unsafe.zip"), F_OK), 0);
}

static void existing_file_stays_unless_replaced(void **state)
{
    struct blob content = blob_text("x"), file;
    struct error err;
    struct zip_file *zip;

    (void)state;
    assert_true(file_write(path_of("kept.zip"), "kept", 4, &err));
    zip = zip_file_create(path_of("kept.zip"), &err);
    assert_non_null(zip);
    assert_true(zip_file_add(zip, "a", &content, &err));
    assert_false(zip_file_finish(zip, false, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    file = content_of(path_of("kept.zip"));
    assert_int_equal(file.size, 4);
    blob_free(&file);
    write_zip(path_of("kept.zip"), true);
    file = content_of(path_of("kept.zip"));
    assert_true(file.size > 100);
    blob_free(&file);
}

static void abandoned_and_failed_files_leave_nothing(void **state)
{
    struct blob content = blob_text("x");
    int before = count_files();
    struct error err;
    struct zip_file *zip = zip_file_create(path_of("gone.zip"), &err);

    (void)state;
    assert_non_null(zip);
    assert_true(zip_file_add(zip, "a", &content, &err));
    zip_file_abandon(zip);
    zip_file_abandon(NULL);
    assert_int_equal(count_files(), before);
    assert_true(file_write(path_of("file"), "x", 1, &err));
    assert_null(zip_file_create(path_of("file/x.zip"), &err));
    assert_int_equal(count_files(), before + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_stored_with_their_names),
        cmocka_unit_test(same_entries_give_the_same_bytes),
        cmocka_unit_test(unsafe_names_are_rejected),
        cmocka_unit_test(existing_file_stays_unless_replaced),
        cmocka_unit_test(abandoned_and_failed_files_leave_nothing),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

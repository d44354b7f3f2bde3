/* test_file.c - files are written completely or not at all, and no partial file is left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/file.h"

static char folder[64];
static struct error err;

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/darkroom-file-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    return folder_remove(folder, &err) ? 0 : -1;
}

static const char *in(const char *name)
{
    static char paths[4][200];
    static int next;
    char *path = paths[next++ % 4];

    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static int entries(const char *path)
{
    DIR *listing = opendir(path);
    int count = 0;

    assert_non_null(listing);
    while (readdir(listing)) {
        count++;
    }
    closedir(listing);
    return count - 2;
}

static mode_t mode_of(const char *path)
{
    struct stat facts;

    assert_int_equal(stat(path, &facts), 0);
    return facts.st_mode & 07777;
}

static void written_file_is_read_back(void **state)
{
    struct blob got;
    bool missing = true;

    (void)state;
    assert_true(file_write(in("a"), "one\0two", 7, &err));
    assert_true(file_read(in("a"), 0, &got, &missing, &err));
    assert_false(missing);
    assert_int_equal(got.size, 7);
    assert_memory_equal(got.data, "one\0two", 7);
    blob_free(&got);
    assert_true(file_write(in("a"), "x", 1, &err)); /* shorter: nothing of the old one is left */
    assert_true(file_read(in("a"), 1, &got, NULL, &err));
    assert_int_equal(got.size, 1);
    blob_free(&got);
    assert_true(file_write(in("empty"), NULL, 0, &err));
    assert_true(file_read(in("empty"), 0, &got, NULL, &err));
    assert_int_equal(got.size, 0);
    blob_free(&got);
    assert_int_equal(entries(folder), 2); /* no temporary name is left */
}

/* The umask alone decides which other users may read a file. */
static void mode_of_a_file_follows_the_umask(void **state)
{
    static const mode_t masks[] = { 022, 027, 077, 002 };
    mode_t was = umask(0);

    (void)state;
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
        umask(masks[i]);
        assert_true(file_write(in("new"), "x", 1, &err));
        assert_int_equal(mode_of(in("new")), 0666 & ~masks[i]);
        assert_true(file_write(in("new"), "y", 1, &err)); /* over an existing file */
        assert_int_equal(mode_of(in("new")), 0666 & ~masks[i]);
        assert_int_equal(unlink(in("new")), 0);
    }
    umask(was);
}

static void missing_folders_are_created(void **state)
{
    mode_t was = umask(022);

    (void)state;
    assert_true(file_write(in("b/c/d"), "x", 1, &err));
    assert_int_equal(mode_of(in("b/c")), 0755);
    umask(077);
    assert_true(folder_make(in("private/inner/"), &err));
    assert_int_equal(mode_of(in("private")), 0700);
    assert_int_equal(mode_of(in("private/inner")), 0700);
    umask(was);
    assert_true(folder_make(in("private"), &err)); /* it is there already */
    assert_true(folder_make("/", &err));
}

static void file_in_place_of_a_folder_is_reported(void **state)
{
    (void)state;
    assert_true(file_write(in("f"), "x", 1, &err));
    assert_false(folder_make(in("f"), &err));
    assert_non_null(strstr(err.text, "Not a directory"));
    assert_false(folder_make(in("f/g"), &err));
    assert_false(file_write(in("f/g"), "x", 1, &err));
    assert_int_equal(err.kind, ERROR_INTERNAL);
    assert_int_equal(entries(folder), 1);
}

static void folder_with_the_name_of_the_file_is_kept(void **state)
{
    (void)state;
    assert_true(folder_make(in("d"), &err));
    assert_false(file_write(in("d"), "x", 1, &err));
    assert_non_null(strstr(err.text, "cannot write"));
    assert_int_equal(entries(folder), 1); /* and the temporary file is gone */
}

/* What SIGKILL would do at some moment, at a moment that is known: the kernel ends the process in
 * the midst of its writing. */
static void killed_process_leaves_no_partial_file(void **state)
{
    const struct rlimit small = { 50000, 50000 }, no_core = { 0, 0 };
    static char large[100000];
    int status, probe = open(folder, O_TMPFILE | O_WRONLY, 0600);
    pid_t child;

    (void)state;
    if (probe < 0) { /* this file system has names for all */
        skip();
    }
    close(probe);
    child = fork();
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &no_core);
        setrlimit(RLIMIT_FSIZE, &small);
        signal(SIGXFSZ, SIG_DFL);
        _exit(file_write(in("a"), large, sizeof large, &err));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ);
    assert_int_equal(entries(folder), 0);
}

/* A full disk, as a limit on the size of files. */
static void failed_write_keeps_the_old_file(void **state)
{
    struct rlimit limit, small;
    char *large = calloc(1, 100000);
    struct blob got;
    bool wrote;

    (void)state;
    assert_true(file_write(in("a"), "old", 3, &err));
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    small = (struct rlimit){ 50000, limit.rlim_max };
    setrlimit(RLIMIT_FSIZE, &small);
    wrote = file_write(in("a"), large, 100000, &err);
    setrlimit(RLIMIT_FSIZE, &limit);
    free(large);
    assert_false(wrote);
    assert_int_equal(err.kind, ERROR_INTERNAL);
    assert_true(file_read(in("a"), 0, &got, NULL, &err));
    assert_int_equal(got.size, 3);
    blob_free(&got);
    assert_int_equal(entries(folder), 1);
}

static void missing_file_is_reported_without_error_on_request(void **state)
{
    struct blob got;
    bool missing = false;

    (void)state;
    assert_true(file_read(in("none"), 0, &got, &missing, &err));
    assert_true(missing);
    assert_int_equal(got.size, 0);
    assert_false(file_read(in("none"), 0, &got, NULL, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_true(file_remove(in("none"), &err));
    assert_true(folder_remove(in("none"), &err));
}

static void non_files_and_large_files_are_rejected(void **state)
{
    struct blob got;

    (void)state;
    assert_true(file_write(in("a"), "12345", 5, &err));
    assert_true(file_read(in("a"), 5, &got, NULL, &err));
    blob_free(&got);
    assert_false(file_read(in("a"), 4, &got, NULL, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_non_null(strstr(err.text, "larger than 4 bytes"));
    assert_false(file_read(folder, 0, &got, NULL, &err));
    assert_non_null(strstr(err.text, "is not a file"));
    assert_int_equal(mkfifo(in("pipe"), 0600), 0);
    alarm(10); /* the pipe has no writer: the read must not wait */
    assert_false(file_read(in("pipe"), 0, &got, NULL, &err));
    alarm(0);
    assert_null(got.data);
}

static void files_and_folders_are_removed(void **state)
{
    struct blob got;

    (void)state;
    assert_true(file_write(in("keep/me"), "x", 1, &err));
    assert_true(file_write(in("tree/a/b"), "x", 1, &err));
    assert_int_equal(symlink(in("keep"), in("tree/a/link")), 0);
    assert_true(folder_remove(in("tree"), &err));
    assert_int_equal(access(in("tree"), F_OK), -1);
    assert_true(file_read(in("keep/me"), 0, &got, NULL, &err)); /* links are not followed */
    blob_free(&got);
    assert_true(file_remove(in("keep/me"), &err));
    assert_int_equal(entries(in("keep")), 0);
    assert_false(file_remove(in("keep"), &err));
}

static void long_paths_are_rejected(void **state)
{
    char path[5000];
    struct blob got;

    (void)state;
    memset(path, 'a', sizeof path);
    path[sizeof path - 1] = '\0';
    assert_false(file_write(path, "x", 1, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_false(folder_make(path, &err));
    assert_false(file_read(path, 0, &got, NULL, &err));
}

static void data_is_written_at_its_offset(void **state)
{
    struct blob one = blob_text("one\n"), two = blob_text("two\n"), got;

    (void)state;
    assert_true(file_write_at(in("lines"), 0, &one, &err));
    assert_true(file_write_at(in("lines"), 4, &two, &err));
    assert_true(file_write_at(in("lines"), 4, &two, &err)); /* said again, nothing is there twice */
    assert_true(file_read(in("lines"), 0, &got, NULL, &err));
    assert_int_equal(got.size, 8);
    assert_memory_equal(got.data, "one\ntwo\n", 8);
    blob_free(&got);
    assert_true(file_write_at(in("lines"), 0, &two, &err)); /* begun again: the rest is cut */
    assert_true(file_read(in("lines"), 0, &got, NULL, &err));
    assert_int_equal(got.size, 4);
    blob_free(&got);
    assert_false(file_write_at(in("none/lines"), 0, &two, &err));
    assert_int_equal(err.kind, ERROR_INTERNAL);
}

/* A line of the file; its text must be `want`. */
static int64_t assert_line(int64_t offset, size_t limit, const char *want, bool too_long)
{
    struct file_line line;
    struct blob got;

    assert_true(file_read_line(in("lines"), offset, limit, &got, &line, &err));
    assert_int_equal(line.too_long, too_long);
    assert_int_equal(got.size, strlen(want));
    if (got.size > 0) {
        assert_memory_equal(got.data, want, got.size);
    }
    blob_free(&got);
    return line.next;
}

static void lines_are_read_one_by_one(void **state)
{
    static char text[300 * 1024];
    struct file_line line;
    struct blob got;
    int64_t at;

    (void)state;
    memset(text, 'x', sizeof text);
    memcpy(text, "one\n\nthree\n", 11);
    text[sizeof text - 6] = '\n';
    text[sizeof text - 5] = '\0'; /* a zero is a byte like any other */
    assert_true(file_write(in("lines"), text, sizeof text, &err));
    at = assert_line(0, 100, "one", false);
    at = assert_line(at, 100, "", false);
    at = assert_line(at, 100, "three", false);
    at = assert_line(at, 1000, "", true); /* passed over, and the next is found */
    assert_int_equal(at, sizeof text - 5);
    assert_true(file_read_line(in("lines"), at, 100, &got, &line, &err));
    assert_int_equal(got.size, 5);
    assert_false(line.whole);
    blob_free(&got);
    assert_int_equal(assert_line(line.next, 100, "", false), sizeof text); /* the end */
    assert_true(file_read_line(in("none"), 0, 100, &got, &line, &err));
    assert_true(line.missing);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        EACH(written_file_is_read_back),
        EACH(mode_of_a_file_follows_the_umask),
        EACH(missing_folders_are_created),
        EACH(file_in_place_of_a_folder_is_reported),
        EACH(folder_with_the_name_of_the_file_is_kept),
        EACH(killed_process_leaves_no_partial_file),
        EACH(failed_write_keeps_the_old_file),
        EACH(missing_file_is_reported_without_error_on_request),
        EACH(non_files_and_large_files_are_rejected),
        EACH(files_and_folders_are_removed),
        EACH(long_paths_are_rejected),
        EACH(data_is_written_at_its_offset),
        EACH(lines_are_read_one_by_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

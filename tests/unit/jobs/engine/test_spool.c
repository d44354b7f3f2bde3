/* test_spool.c - a spooled answer is read back complete, or treated as missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "jobs/engine/spool.h"

static const char one[] = "11111111-1111-4111-8111-111111111111";
static const char two[] = "22222222-2222-4222-8222-222222222222";

static void an_answer_is_read_back_complete_or_not_at_all(void **state)
{
    struct http_response response = { .status = 200,
                                      .request_id = "req_1",
                                      .content_type = "application/json",
                                      .body = blob_view("{\"a\":\0\"b\"}\n", 11),
                                      .times = { .total_us = 1234567 } };
    struct http_response back = { 0 };
    struct error err;
    struct blob file;
    const struct spooled_call sent = { .attempt_id = 42, .digest = "0123456789abcdef" };
    struct spooled_call call = { .attempt_id = 0 };

    struct arena *arena = arena_new();
    const char *head = spool_head(&response, &sent, arena);

    (void)state;
    assert_non_null(head);
    assert_true(blob_new(&file, strlen(head) + response.body.size, &err));
    memcpy(file.data, head, strlen(head));
    memcpy(file.data + strlen(head), response.body.data, response.body.size);
    assert_true(spool_read(&file, &back, &call));
    assert_int_equal(call.attempt_id, 42);
    assert_string_equal(call.digest, sent.digest);
    assert_int_equal(back.status, 200);
    assert_string_equal(back.request_id, "req_1");
    assert_int_equal(back.times.total_us, 1234000);
    assert_int_equal(back.body.size, 11);
    assert_memory_equal(back.body.data, response.body.data, 11);
    blob_free(&back.body);
    for (size_t size = 0; size < file.size; size++) { /* a truncated file is treated as missing */
        struct blob part = blob_view(file.data, size);

        assert_false(spool_read(&part, &back, &call));
    }
    blob_free(&file);
    arena_free(arena);
}

static void touch(const char *path)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fclose(file);
}

static void open_folder(const char *folder)
{
    struct spool_folder opened;
    struct error err, problem;

    assert_true(spool_open(folder, &opened, &problem, &err));
    assert_int_equal(problem.kind, ERROR_NONE);
    assert_int_equal(strlen(opened.id), 36);
}

static void remove_folder(const char *folder)
{
    char path[200];

    snprintf(path, sizeof path, "%s/%s", folder, SPOOL_MARKER);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void only_the_answers_of_one_job_are_removed(void **state)
{
    char folder[] = "/tmp/darkroom-spool-XXXXXX";
    struct arena *arena = arena_new();
    char *paths[3];

    (void)state;
    assert_non_null(mkdtemp(folder));
    open_folder(folder);
    paths[0] = spool_path(folder, one, "extract_features", 0, arena);
    paths[1] = spool_path(folder, one, "generate", 2, arena);
    paths[2] = spool_path(folder, two, "generate", 0, arena);
    for (int i = 0; i < 3; i++) {
        touch(paths[i]);
    }
    spool_remove_job(folder, one);
    assert_int_not_equal(access(paths[0], F_OK), 0);
    assert_int_not_equal(access(paths[1], F_OK), 0);
    assert_int_equal(access(paths[2], F_OK), 0);
    assert_int_equal(spool_remove_older(folder, clock_wall_ms(), 3600 * 1000), 0);
    assert_int_equal(spool_remove_older(folder, clock_wall_ms() + 2 * 3600 * 1000, 3600 * 1000), 1);
    remove_folder(folder);
    arena_free(arena);
}

/* The folder may be shared, or set to a wrong one: files of others must not be touched. */
static void cleaning_by_age_keeps_files_that_are_no_answers(void **state)
{
    static const char *const others[] = {
        "notes.txt",
        "11111111-1111-4111-8111-111111111111",
        "11111111-1111-4111-8111-111111111111.png",
        "11111111-1111-4111-8111-111111111111.generate.",
        "11111111-1111-4111-8111-111111111111.generate.1.bak",
        "11111111-1111-4111-8111-11111111111g.generate.1",
    };
    enum { OTHERS = sizeof others / sizeof *others };
    char folder[] = "/tmp/darkroom-spool-XXXXXX";
    struct arena *arena = arena_new();
    char *link;

    (void)state;
    assert_non_null(mkdtemp(folder));
    open_folder(folder);
    for (int i = 0; i < OTHERS; i++) {
        touch(arena_printf(arena, "%s/%s", folder, others[i]));
    }
    link = spool_path(folder, two, "generate", 0, arena);
    assert_int_equal(symlink("/etc/passwd", link), 0);
    touch(spool_path(folder, one, "extract_features", 12, arena));
    assert_int_equal(spool_remove_older(folder, clock_wall_ms() + 2 * 3600 * 1000, 3600 * 1000), 1);
    for (int i = 0; i < OTHERS; i++) {
        assert_int_equal(unlink(arena_printf(arena, "%s/%s", folder, others[i])), 0);
    }
    assert_int_equal(unlink(link), 0);
    remove_folder(folder);
    arena_free(arena);
}

static void nothing_is_removed_in_a_folder_without_the_marker(void **state)
{
    char folder[] = "/tmp/darkroom-spool-XXXXXX";
    struct arena *arena = arena_new();
    char *path;

    (void)state;
    assert_non_null(mkdtemp(folder));
    path = spool_path(folder, one, "generate", 0, arena);
    touch(path);
    assert_int_equal(spool_remove_older(folder, clock_wall_ms() + 2 * 3600 * 1000, 1000), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    arena_free(arena);
}

static void expect_refused(const char *folder, const char *says)
{
    struct spool_folder opened;
    struct error err, problem;

    assert_false(spool_open(folder, &opened, &problem, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(err.text, says));
    assert_true(err.hint[0]);
    assert_false(spool_is_marked(folder));
}

static void a_folder_with_other_files_is_refused(void **state)
{
    static const char *const names[] = { "notes.txt", ".gitkeep", ".env",
                                         "11111111-1111-4111-8111-111111111111.png" };
    char folder[] = "/tmp/darkroom-spool-XXXXXX", path[200];

    (void)state;
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        touch(path);
        expect_refused(folder, names[i]);
        assert_int_equal(access(path, F_OK), 0);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(chmod(folder, 01777), 0); /* such as /tmp */
    expect_refused(folder, "every user");
    assert_int_equal(rmdir(folder), 0);
    snprintf(path, sizeof path, "%s", folder);
    touch(path); /* a file */
    expect_refused(path, "not a folder");
    assert_int_equal(unlink(path), 0);
}

static void a_spool_belongs_to_its_owner_and_keeps_its_id(void **state)
{
    char folder[] = "/tmp/darkroom-spool-XXXXXX", inner[100], first[SPOOL_ID];
    struct arena *arena = arena_new();
    char *answer_path;
    struct spool_folder opened;
    struct error err, problem;
    struct stat status;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(inner, sizeof inner, "%s/a/b/", folder);
    assert_true(spool_open(inner, &opened, &problem, &err)); /* is created with its parents */
    assert_int_equal(problem.kind, ERROR_NONE);
    memcpy(first, opened.id, sizeof first);
    assert_int_equal(stat(inner, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    assert_true(spool_open(inner, &opened, &problem, &err));
    assert_string_equal(opened.id, first);
    snprintf(inner, sizeof inner, "%s/a/b", folder);
    remove_folder(inner);
    assert_int_equal(mkdir(inner, 0755), 0); /* of a release that wrote no marker */
    answer_path = spool_path(inner, one, "generate", 0, arena);
    touch(answer_path);
    open_folder(inner);
    assert_int_equal(stat(inner, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    assert_int_equal(unlink(answer_path), 0);
    arena_free(arena);
    remove_folder(inner);
    snprintf(inner, sizeof inner, "%s/a", folder);
    assert_int_equal(rmdir(inner), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void wait_for_child(pid_t child)
{
    int status = 0;

    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* A user without the right to write, since root has it everywhere. */
static int open_read_only(const char *folder)
{
    struct spool_folder opened;
    struct error err, problem;

    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) {
        return 1;
    }
    if (!spool_open(folder, &opened, &problem, &err) || problem.kind != ERROR_INTERNAL ||
        opened.id[0] || !strstr(problem.text, "Permission denied")) {
        return 2;
    }
    return spool_is_open(&opened, &problem) ? 3 : 0;
}

static void a_folder_that_cannot_be_written_is_reported(void **state)
{
    char folder[] = "/tmp/darkroom-spool-XXXXXX";
    pid_t child;

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chmod(folder, 0555), 0);
    child = fork();
    if (child == 0) {
        _exit(open_read_only(folder));
    }
    wait_for_child(child);
    assert_int_equal(rmdir(folder), 0);
}

static void a_folder_that_was_removed_is_created_again(void **state)
{
    char folder[] = "/tmp/darkroom-spool-XXXXXX";
    struct spool_folder opened;
    struct error err, problem;

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_true(spool_open(folder, &opened, &problem, &err));
    assert_true(spool_is_open(&opened, &problem));
    remove_folder(folder);
    assert_true(spool_is_open(&opened, &problem));
    assert_true(spool_is_marked(folder));
    remove_folder(folder);
}

static void names_of_answers_are_recognised_exactly(void **state)
{
    static const char *const good[] = {
        "11111111-1111-4111-8111-111111111111.generate.0",
        "11111111-1111-4111-8111-111111111111.extract_features.12",
        ("11111111-1111-4111-8111-111111111111.extract_features-22222222-2222-4222-8222-"
         "222222222222.0"),
    };
    static const char *const bad[] = {
        "",
        "x",
        "11111111-1111-4111-8111-111111111111",
        "11111111-1111-4111-8111-111111111111.",
        "11111111-1111-4111-8111-111111111111..0",
        "11111111-1111-4111-8111-111111111111.a.0.0",
        "11111111-1111-4111-8111-111111111111.a-b.0",
        "11111111-1111-4111-8111-111111111111.generate.-1",
    };

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(spool_names_answer(good[i]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(spool_names_answer(bad[i]));
    }
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void only_a_complete_file_with_our_first_line_is_an_answer(void **state)
{
    char folder[] = "/tmp/darkroom-spool-XXXXXX";
    struct http_response response = { .status = 200, .body = blob_view("abc", 3) };
    struct arena *arena = arena_new();
    const char *head = spool_head(&response, &(struct spooled_call){ .attempt_id = 7 }, arena);
    char *path;

    (void)state;
    assert_non_null(mkdtemp(folder));
    path = spool_path(folder, one, "generate", 0, arena);
    assert_false(spool_holds_answer(path));
    write_text(path, arena_printf(arena, "%sabc", head));
    assert_true(spool_holds_answer(path));
    write_text(path, arena_printf(arena, "%sab", head)); /* truncated */
    assert_false(spool_holds_answer(path));
    write_text(path, "{\"name\":\"another program's notes\"}\nabc");
    assert_false(spool_holds_answer(path));
    write_text(path, "");
    assert_false(spool_holds_answer(path));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    arena_free(arena);
}

/* An interrupted job of an earlier release spooled its answer under the step's former name. */
static void renaming_keeps_an_existing_answer(void **state)
{
    char folder[] = "/tmp/darkroom-spool-XXXXXX";
    struct arena *arena = arena_new();
    char *from, *to;

    (void)state;
    assert_non_null(mkdtemp(folder));
    from = spool_path(folder, one, "develop", 0, arena);
    to = spool_path(folder, one, "generate", 0, arena);
    spool_rename(from, to); /* there is nothing to rename */
    assert_int_not_equal(access(to, F_OK), 0);
    touch(from);
    spool_rename(from, to);
    assert_int_equal(access(to, F_OK), 0);
    assert_int_not_equal(access(from, F_OK), 0);
    touch(from);
    spool_rename(from, to); /* the newer answer stays */
    assert_int_equal(access(from, F_OK), 0);
    spool_remove_job(folder, one);
    assert_int_equal(rmdir(folder), 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_read_back_complete_or_not_at_all),
        cmocka_unit_test(renaming_keeps_an_existing_answer),
        cmocka_unit_test(nothing_is_removed_in_a_folder_without_the_marker),
        cmocka_unit_test(a_folder_with_other_files_is_refused),
        cmocka_unit_test(a_spool_belongs_to_its_owner_and_keeps_its_id),
        cmocka_unit_test(a_folder_that_cannot_be_written_is_reported),
        cmocka_unit_test(a_folder_that_was_removed_is_created_again),
        cmocka_unit_test(names_of_answers_are_recognised_exactly),
        cmocka_unit_test(only_the_answers_of_one_job_are_removed),
        cmocka_unit_test(cleaning_by_age_keeps_files_that_are_no_answers),
        cmocka_unit_test(only_a_complete_file_with_our_first_line_is_an_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

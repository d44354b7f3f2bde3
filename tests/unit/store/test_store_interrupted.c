/* test_store_interrupted.c - an object is whole or absent, whatever interrupts a put: for every row
 * of stores[], on real files and on a server that imitates Supabase Storage.
 *
 * A put runs in a process of its own (lib/store_writer.h), which ends at an exact byte: a write to
 * a file by RLIMIT_FSIZE, an upload by a proxy that holds it until the process is killed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/file.h"
#include "lib/cut_proxy.h"
#include "lib/store_writer.h"
#include "standin/standin.h"

enum { POINTS = 6, DEADLINE_S = 60 };

static struct standin *standin;
static char direct_url[64], proxy_url[64];

static int wait_for(pid_t pid)
{
    int status;

    assert_true(pid > 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static int setup(void **state)
{
    struct standin_config config = { .port = 0 };
    struct error err;

    (void)state;
    snprintf(writer.folder, sizeof writer.folder, "/tmp/dr-store-interrupted.XXXXXX");
    if (!mkdtemp(writer.folder) || !standin_start(&config, &standin, &err) ||
        !cut_proxy_start(standin_port(standin))) {
        return -1;
    }
    snprintf(direct_url, sizeof direct_url, "http://127.0.0.1:%d", standin_port(standin));
    snprintf(proxy_url, sizeof proxy_url, "http://127.0.0.1:%d", cut_proxy_port());
    return writer_open() ? 0 : -1;
}

static int teardown(void **state)
{
    struct error err;

    (void)state;
    writer_close();
    cut_proxy_stop();
    standin_stop(standin);
    return folder_remove(writer.folder, &err) ? 0 : -1;
}

/* Returns the version of the object, '-' if it is absent, '!' if the read failed. A part of an
 * object fails the test. */
static char get(const struct store *store, const char *url, const char *path)
{
    struct store_target at = writer_target(url);
    struct object object = writer_object(path);
    struct op op = { .http = { .new_connection = true } };
    struct blob got = { 0 };
    struct error err = { .kind = ERROR_NONE };
    char found = '!';

    assert_true(store->get(&at, &object, writer.arena, &op, &err));
    perform_wait(writer.performer, writer.loop, &op);
    if (op.error.kind == ERROR_NONE && store->get_done(&object, &op, &got, &err)) {
        struct blob whole = writer_version(got.size == SIZE_A ? 'A' : 'B');

        if (got.size != whole.size || memcmp(got.data, whole.data, whole.size) != 0) {
            fail_msg("%s: a reader sees %zu bytes, which are no whole object", store->name,
                     got.size);
        }
        found = got.size == SIZE_A ? 'A' : 'B';
        blob_free(&whole);
    } else if (op.error.kind == ERROR_NONE && err.kind == ERROR_INPUT) {
        found = '-';
    }
    blob_free(&got);
    op_clear(&op);
    return found;
}

static bool writes_files(const struct store *store)
{
    struct store_target at = writer_target(direct_url);
    struct object object = writer_object("u/p/x.png");
    struct op op = { 0 };
    struct error err;

    assert_true(store->put(&at, &object, writer.arena, &op, &err));
    if (op.kind != OP_FILE && op.kind != OP_HTTP) {
        fail_msg("%s: this test cannot interrupt an op of kind %d", store->name, (int)op.kind);
    }
    return op.kind == OP_FILE;
}

/* The number of bytes that a put of `letter` transfers: the file, or the request. */
static long transfer_size(const struct store *store, char letter)
{
    cut_proxy_set(CUT_NOTHING, 0);
    assert_true(writer_put(store, proxy_url, "u/p/size.png", letter));
    if (writes_files(store)) {
        return letter == 'A' ? SIZE_A : SIZE_B;
    }
    assert_true(cut_proxy_uploaded() > (letter == 'A' ? SIZE_A : SIZE_B));
    return cut_proxy_uploaded();
}

/* The byte of point 0 .. POINTS - 1: the first, the last, and some between. */
static long byte_at(int point, long size)
{
    return point == POINTS - 1 ? size - 1 : size * point / (POINTS - 1);
}

/* The process that puts `letter` dies when `bytes` were transferred. */
static void put_and_die(const struct store *store, const char *path, char letter, long bytes)
{
    char letters[] = { letter, '\0' };
    bool files = writes_files(store);
    pid_t pid;
    int status;

    cut_proxy_set(CUT_HOLD, bytes);
    pid = writer_start(store, proxy_url, path, letters, files ? bytes : -1, false);
    if (!files) {
        assert_true(cut_proxy_wait_held());
        kill(pid, SIGKILL);
    }
    status = wait_for(pid);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), files ? SIGXFSZ : SIGKILL);
    assert_true(cut_proxy_wait_idle());
    cut_proxy_set(CUT_NOTHING, 0);
}

static void death_during_the_first_put_leaves_no_object(void **state)
{
    (void)state;
    for (int i = 0; stores[i]; i++) {
        long size = transfer_size(stores[i], 'A');

        for (int point = 0; point < POINTS; point++) {
            char path[40];

            snprintf(path, sizeof path, "u/p/new-%d.png", point);
            put_and_die(stores[i], path, 'A', byte_at(point, size));
            assert_int_equal(get(stores[i], direct_url, path), '-');
            assert_true(writer_put(stores[i], direct_url, path, 'A')); /* the retry */
            assert_int_equal(get(stores[i], direct_url, path), 'A');
        }
    }
}

static void death_during_a_replacement_leaves_the_previous_object(void **state)
{
    static const char path[] = "u/p/replaced.png";

    (void)state;
    for (int i = 0; stores[i]; i++) {
        char before = 'A', after = 'B';

        assert_true(writer_put(stores[i], direct_url, path, before));
        for (int point = 0; point < POINTS; point++) {
            long size = transfer_size(stores[i], after);

            put_and_die(stores[i], path, after, byte_at(point, size));
            assert_int_equal(get(stores[i], direct_url, path), before);
            assert_true(writer_put(stores[i], direct_url, path, after)); /* the retry */
            assert_int_equal(get(stores[i], direct_url, path), after);
            before = after;
            after = before == 'A' ? 'B' : 'A';
        }
    }
}

/* The process survives: the disk is full, or the connection is reset. */
static void interrupted_put_is_an_error_and_leaves_the_previous_object(void **state)
{
    static const char path[] = "u/p/kept.png";

    (void)state;
    for (int i = 0; stores[i]; i++) {
        bool files = writes_files(stores[i]);
        long size = transfer_size(stores[i], 'B');

        assert_true(writer_put(stores[i], direct_url, path, 'A'));
        for (int point = 0; point < POINTS; point++) {
            long bytes = byte_at(point, size);
            int status;

            cut_proxy_set(CUT_UPLOAD, bytes);
            status =
                wait_for(writer_start(stores[i], proxy_url, path, "B", files ? bytes : -1, true));
            assert_true(WIFEXITED(status));
            assert_int_equal(WEXITSTATUS(status), PUT_FAILED);
            assert_true(cut_proxy_wait_idle());
            assert_int_equal(get(stores[i], direct_url, path), 'A');
        }
        assert_true(writer_put(stores[i], direct_url, path, 'B'));
        assert_int_equal(get(stores[i], direct_url, path), 'B');
    }
}

/* A process replaces the object without a pause, until it is killed at any moment. */
static void reader_during_replacements_sees_whole_objects(void **state)
{
    static const char path[] = "u/p/busy.png";

    (void)state;
    for (int i = 0; stores[i]; i++) {
        int64_t end = clock_mono_us() + (int64_t)DEADLINE_S * 1000000;
        int changes = 0;
        pid_t pid;
        char last;

        assert_true(writer_put(stores[i], direct_url, path, 'A'));
        last = 'A';
        pid = writer_start(stores[i], direct_url, path, "*", -1, false);
        while (changes < 20 && clock_mono_us() < end) {
            char now = get(stores[i], direct_url, path);

            assert_true(now == 'A' || now == 'B');
            changes += now != last;
            last = now;
        }
        kill(pid, SIGKILL);
        assert_true(WIFSIGNALED(wait_for(pid)));
        assert_true(changes >= 20);
        last = get(stores[i], direct_url, path);
        assert_true(last == 'A' || last == 'B');
        last = last == 'A' ? 'B' : 'A';
        assert_true(writer_put(stores[i], direct_url, path, last));
        assert_int_equal(get(stores[i], direct_url, path), last);
    }
}

/* A read over a network that ends early is an error, not a shorter object. */
static void truncated_download_is_an_error(void **state)
{
    static const char path[] = "u/p/read.png";

    (void)state;
    for (int i = 0; stores[i]; i++) {
        long size;

        if (writes_files(stores[i])) {
            continue;
        }
        assert_true(writer_put(stores[i], direct_url, path, 'A'));
        cut_proxy_set(CUT_NOTHING, 0);
        assert_int_equal(get(stores[i], proxy_url, path), 'A');
        assert_true(cut_proxy_wait_idle()); /* it counts after it has sent */
        size = cut_proxy_downloaded();
        assert_true(size > SIZE_A);
        for (int point = 0; point < POINTS; point++) {
            cut_proxy_set(CUT_DOWNLOAD, byte_at(point, size));
            assert_int_equal(get(stores[i], proxy_url, path), '!');
            assert_true(cut_proxy_wait_idle());
        }
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(death_during_the_first_put_leaves_no_object),
        cmocka_unit_test(death_during_a_replacement_leaves_the_previous_object),
        cmocka_unit_test(interrupted_put_is_an_error_and_leaves_the_previous_object),
        cmocka_unit_test(reader_during_replacements_sees_whole_objects),
        cmocka_unit_test(truncated_download_is_an_error),
    };

    int status = writer_main(argc, argv);

    return status >= 0 ? status : cmocka_run_group_tests(tests, setup, teardown);
}

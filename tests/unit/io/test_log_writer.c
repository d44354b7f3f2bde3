/* test_log_writer.c - lines reach their reader whole and in order; a reader that stops reading, or
 * goes away, blocks only the thread that writes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "io/log_writer.h"

enum { LIMIT = 64 * 1024, MANY = 20000, END_MS = 60000, READ_BYTES = 4 << 20 };

static int ends[2]; /* of a pipe, whose reader reads when the test says so */
static struct log_writer *writer;
static char *text; /* what was read */

static int set_up(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    text = calloc(1, READ_BYTES);
    return text ? pipe(ends) : -1;
}

static int tear_down(void **state)
{
    (void)state;
    free(text);
    close(ends[0]);
    close(ends[1]);
    return 0;
}

/* Reads so many bytes, for at most a minute. */
static void read_bytes(size_t count)
{
    size_t size = 0;

    assert_true(count < READ_BYTES);
    alarm(60);
    while (size < count) {
        ssize_t got = read(ends[0], text + size, count - size);

        assert_true(got > 0);
        size += (size_t)got;
    }
    alarm(0);
}

static void lines_arrive_whole_and_in_order(void **state)
{
    static char expected[40000];
    char line[40];

    (void)state;
    writer = log_writer_start(ends[1], 1 << 20);
    assert_non_null(writer);
    for (int i = 0; i < 1000; i++) {
        snprintf(line, sizeof line, "line %d", i);
        strcat(strcat(expected, line), "\n");
        assert_true(log_writer_add(writer, line));
    }
    log_writer_stop(writer, END_MS);
    read_bytes(strlen(expected));
    assert_string_equal(text, expected);
}

static void a_full_pipe_blocks_only_the_thread(void **state)
{
    static const char filler[] = "0123456789012345678901234567890123456789012345678901234567890";
    int accepted = 0;

    (void)state;
    writer = log_writer_start(ends[1], LIMIT);
    assert_non_null(writer);
    alarm(60);
    for (int i = 0; i < MANY; i++) { /* more than pipe and limit hold */
        accepted += log_writer_add(writer, filler);
    }
    alarm(0);
    assert_true(accepted < MANY);
    assert_true((size_t)accepted * sizeof filler >= LIMIT - sizeof filler);
    log_writer_stop(writer, 1);                   /* does not wait for the reader */
    read_bytes((size_t)accepted * sizeof filler); /* the thread writes all that it has accepted */
    for (int i = 0; i < accepted; i++) {
        assert_memory_equal(text + (size_t)i * sizeof filler, filler, sizeof filler - 1);
    }
}

/* Sums the numbers that follow `mark`, or counts the marks if there is no number. */
static long long sum_of(const char *mark)
{
    long long sum = 0;

    for (const char *at = text; (at = strstr(at, mark)) != NULL; at += strlen(mark)) {
        long long number = atoll(at + strlen(mark));

        sum += number > 0 ? number : 1;
    }
    return sum;
}

static void lines_report_how_many_were_dropped(void **state)
{
    long long logged = MANY;
    ssize_t got;

    (void)state;
    log_setup(LOG_JSON, LOG_INFO);
    writer = log_writer_start(ends[1], LIMIT);
    assert_non_null(writer);
    log_writer_attach(writer);
    alarm(60);
    for (int i = 0; i < MANY; i++) {
        log_printf(LOG_INFO, "early");
    }
    do { /* a line is accepted again when the reader has read */
        got = read(ends[0], text + strlen(text), 4096);
        assert_true(got > 0);
        log_printf(LOG_INFO, "late");
        logged++;
    } while (!strstr(text, "\"msg\":\"late\""));
    log_writer_stop(writer, END_MS);
    close(ends[1]);
    while ((got = read(ends[0], text + strlen(text), 4096)) > 0) {
    }
    alarm(0);
    ends[1] = -1;
    assert_true(sum_of("\"dropped\":") > 0);
    assert_int_equal(sum_of("\"msg\":\"early\"") + sum_of("\"msg\":\"late\"") +
                         sum_of("\"dropped\":"),
                     logged);
}

static void a_reader_that_goes_away_blocks_nothing(void **state)
{
    (void)state;
    writer = log_writer_start(ends[1], LIMIT);
    assert_non_null(writer);
    close(ends[0]);
    for (int i = 0; i < 100; i++) {
        assert_true(log_writer_add(writer, "not read"));
    }
    log_writer_stop(writer, END_MS);
    ends[0] = -1;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void stream_writes_each_flush_in_one_piece_and_never_blocks(void **state)
{
    char got[200], big[4096];
    ssize_t size;
    int fds[2];

    (void)state;
    assert_int_equal(pipe(fds), 0);
    writer = log_writer_start(fds[1], 300 * 1024);
    assert_non_null(writer);
    fprintf(log_writer_stream(writer), "one %d", 1);
    fprintf(log_writer_stream(writer), ", two");
    fflush(log_writer_stream(writer));
    size = read(fds[0], got, sizeof got);
    assert_int_equal(size, 10);
    assert_memory_equal(got, "one 1, two", 10);
    memset(big, 'x', sizeof big);
    for (int i = 0; i < 1000; i++) { /* 4 MB, which no reader takes */
        fwrite(big, 1, sizeof big, log_writer_stream(writer));
        fflush(log_writer_stream(writer));
    }
    assert_false(log_writer_is_idle(writer));
    while (!log_writer_is_idle(writer)) { /* it is idle only some time after its last bytes came */
        struct pollfd readable = { .fd = fds[0], .events = POLLIN };

        if (poll(&readable, 1, 10) > 0) {
            assert_true(read(fds[0], big, sizeof big) > 0);
        }
    }
    log_writer_stop(writer, 60000);
    close(fds[0]);
    close(fds[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stream_writes_each_flush_in_one_piece_and_never_blocks),
        TEST(lines_arrive_whole_and_in_order),
        TEST(a_full_pipe_blocks_only_the_thread),
        TEST(lines_report_how_many_were_dropped),
        TEST(a_reader_that_goes_away_blocks_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

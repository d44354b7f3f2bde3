/* test_decoder_protocol.c - a result from shared memory is only believed if it fits the plan. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "decoder/decoder_protocol.h"

static const struct decode_plan plan = {
    .facts = { .format = FORMAT_JPEG, .width = 60, .height = 40 },
    .reduce = 2,
    .width = 30,
    .height = 20,
    .capacity = 30 * 20 * 3 + 20,
};

static struct decoder_result good_result(void)
{
    struct image image = { .width = 30, .height = 20, .channels = 3 };
    struct error none = { .kind = ERROR_NONE };
    struct decoder_result result;

    decoder_result_write(&image, &none, &result);
    return result;
}

static void expect_refused(const struct decoder_result *result)
{
    struct image image;
    struct error err = { 0 };

    assert_false(decoder_result_read(result, &plan, &image, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_null(image.pixels);
    assert_int_equal(image.width, 0);
}

static void a_planned_result_is_taken(void **unused)
{
    struct decoder_result result = good_result();
    struct image image;
    struct error err;

    (void)unused;
    assert_true(decoder_result_read(&result, &plan, &image, &err));
    assert_int_equal(image.width, 30);
    assert_int_equal(image.height, 20);
    assert_int_equal(image.channels, 3);
}

/* A plan with an orientation that swaps the sides accepts only the upright size. */
static void a_turned_result_has_swapped_sides(void **unused)
{
    struct decoder_result result = good_result();
    struct decode_plan turned = plan;
    struct image image;
    struct error err;

    (void)unused;
    turned.facts.orientation = 6;
    assert_false(decoder_result_read(&result, &turned, &image, &err));
    result.width = 20;
    result.height = 30;
    assert_true(decoder_result_read(&result, &turned, &image, &err));
    assert_int_equal(image.width, 20);
    expect_refused(&result);
}

/* The note about colours is one of the known ones, whatever the child wrote. */
static void an_unknown_note_about_colours_is_not_taken(void **unused)
{
    struct decoder_result result = good_result();
    struct image image;
    struct error err;

    (void)unused;
    result.colours = 77;
    assert_true(decoder_result_read(&result, &plan, &image, &err));
    assert_int_equal(image.colours, COLOURS_ASSUMED);
}

static void other_sizes_are_refused(void **unused)
{
    static const int32_t values[] = { 0, -1, 1, 19, 31, 60, INT32_MAX, INT32_MIN };
    struct decoder_result result;

    (void)unused;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        result = good_result();
        result.width = values[i];
        expect_refused(&result);
        result = good_result();
        result.height = values[i];
        expect_refused(&result);
        result = good_result();
        result.channels = values[i];
        expect_refused(&result);
    }
    result = good_result();
    result.channels = 4;
    expect_refused(&result);
    result = good_result();
    result.magic = 0;
    expect_refused(&result);
}

static void error_texts_are_bounded(void **unused)
{
    struct image none = { 0 };
    struct decoder_result result;
    struct image image;
    struct error err;

    (void)unused;
    error_set(&err, ERROR_INPUT, "the PNG is broken: %s", "a row");
    decoder_result_write(&none, &err, &result);
    memset(&err, 0, sizeof err);
    assert_false(decoder_result_read(&result, &plan, &image, &err));
    assert_string_equal(err.text, "the PNG is broken: a row");
    memset(result.error_text, 'x', sizeof result.error_text); /* without an end */
    result.error_kind = 12345;
    assert_false(decoder_result_read(&result, &plan, &image, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_int_equal(strlen(err.text), sizeof result.error_text);
    memset(result.error_text, '\x1b', sizeof result.error_text); /* control characters */
    assert_false(decoder_result_read(&result, &plan, &image, &err));
    assert_null(strchr(err.text, '\x1b'));
}

static void a_dead_child_is_explained(void **unused)
{
    struct error err;

    (void)unused;
    assert_false(decoder_child_failed(SIGSEGV, FORMAT_PNG, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_non_null(strstr(err.text, "signal 11"));
    assert_false(decoder_child_failed(SIGXCPU, FORMAT_PNG, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_non_null(strstr(err.text, "too long"));
    assert_false(decoder_child_failed(SIGKILL, FORMAT_PNG, &err));
    assert_int_equal(err.kind, ERROR_INTERNAL);
    assert_false(decoder_child_failed(DECODER_NO_SANDBOX << 8, FORMAT_PNG, &err));
    assert_int_equal(err.kind, ERROR_INTERNAL);
    assert_false(decoder_child_failed(1 << 8, FORMAT_PNG, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
}

static void messages_carry_descriptors(void **unused)
{
    int sockets[2], pipe_fds[2], fds[DECODER_DESCRIPTORS];
    char text[4];

    (void)unused;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets), 0);
    assert_int_equal(pipe(pipe_fds), 0);
    assert_int_equal(decoder_send(sockets[0], "one", 4, pipe_fds), 0);
    assert_int_equal(decoder_receive(sockets[1], text, sizeof text, fds), 0);
    assert_string_equal(text, "one");
    assert_true(fds[0] > 0 && fds[1] > 0 && fds[0] != pipe_fds[0]);
    close(fds[0]);
    close(fds[1]);
    assert_int_equal(decoder_send(sockets[0], "two", 4, NULL), 0);
    assert_int_equal(decoder_receive(sockets[1], text, sizeof text, fds), 0);
    assert_int_equal(fds[0], -1);
    assert_int_equal(decoder_send(sockets[0], "short", 2, NULL), 0);
    assert_int_not_equal(decoder_receive(sockets[1], text, sizeof text, fds), 0);
    close(sockets[0]);
    assert_int_not_equal(decoder_receive(sockets[1], text, sizeof text, fds), 0);
    close(sockets[1]);
    close(pipe_fds[0]);
    close(pipe_fds[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_planned_result_is_taken),
        cmocka_unit_test(a_turned_result_has_swapped_sides),
        cmocka_unit_test(an_unknown_note_about_colours_is_not_taken),
        cmocka_unit_test(other_sizes_are_refused),
        cmocka_unit_test(error_texts_are_bounded),
        cmocka_unit_test(a_dead_child_is_explained),
        cmocka_unit_test(messages_carry_descriptors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

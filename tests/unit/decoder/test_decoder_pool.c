/* test_decoder_pool.c - an image that crashes, hangs or attacks its decoder harms only itself; a
 * decoder process that disappears is replaced.
 *
 * The program starts itself as the decoder process, with a decoder that obeys a word in the image:
 * a comment of a valid PNG. */
#include "lib/decoder_attacks.h"
#include "lib/test_images.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "decoder/decoder_pool.h"
#include "image/memory_budget.h"

static struct decoder_pool_config config = { .processes = 2,
                                             .cpu_seconds = 1,
                                             .timeout_ms = 110000 };

static struct blob photo(const char *word)
{
    struct image image = scene(64, 48, 3, 10);
    struct blob plain = png_of(&image, 5, 5000), file = { 0 };
    char text[64];

    if (!word) {
        image_free(&image);
        return plain;
    }
    snprintf(text, sizeof text, "Word%c%s.", '\0', word);
    put(&file, plain.data, 33);
    png_chunk(&file, "tEXt", text, 5 + strlen(word) + 1);
    put(&file, plain.data + 33, plain.size - 33);
    blob_free(&plain);
    image_free(&image);
    return file;
}

static bool decode(const char *word, struct error *err)
{
    struct blob file = photo(word);
    struct image image, expected = scene(64, 48, 3, 10);
    bool good = image_decode(&file, NULL, &image, NULL, err);

    if (good) {
        assert_int_equal(image.width, 64);
        assert_memory_equal(image.pixels, expected.pixels, 64 * 48 * 3);
        image.pixels[0]++; /* the caller may write to it */
        image_free(&image);
    } else {
        assert_null(image.pixels);
    }
    image_free(&expected);
    blob_free(&file);
    return good;
}

static void expect_failure(const char *word, enum error_kind kind, const char *text)
{
    struct error err = { 0 };

    assert_false(decode(word, &err));
    if (err.kind != kind || !strstr(err.text, text)) {
        fail_msg("%s: %s (%s)", word, err.text, error_rule(err.kind)->name);
    }
    if (!decode(NULL, &err)) { /* the next image is not affected */
        fail_msg("after %s: %s", word, err.text);
    }
}

static int open_pool(void **unused)
{
    struct error err;

    (void)unused;
    setenv("SECRET_KEY", "sk-canary", 1);
    if (!decoder_pool_open(&config, &err)) {
        print_error("%s\n", err.text);
        return -1;
    }
    return 0;
}

static int close_pool(void **unused)
{
    (void)unused;
    decoder_pool_close();
    return 0;
}

static void images_are_decoded(void **unused)
{
    struct error err = { 0 };
    struct decoder_pool_state state;

    (void)unused;
    for (int i = 0; i < 20; i++) {
        if (!decode(NULL, &err)) {
            fail_msg("%s", err.text);
        }
    }
    state = decoder_pool_state();
    assert_int_equal(state.processes, 2);
    assert_int_equal(state.images, 20);
    assert_int_equal(state.lost, 0);
}

static void a_broken_image_says_why(void **unused)
{
    struct blob file = photo(NULL);
    struct image image;
    struct error err;

    (void)unused;
    memset(file.data + 60, 0, 40);
    assert_false(image_decode(&file, NULL, &image, NULL, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_non_null(strstr(err.text, "PNG is broken"));
    blob_free(&file);
}

static void a_crash_ends_only_its_image(void **unused)
{
    (void)unused;
    expect_failure("crash", ERROR_INPUT, "ended its decoder");
    expect_failure("exit", ERROR_INPUT, "status 3");
    assert_int_equal(decoder_pool_state().lost, 0);
    assert_int_equal(decoder_pool_state().failed, 2);
}

static void an_endless_loop_is_ended(void **unused)
{
    (void)unused;
    expect_failure("spin", ERROR_INPUT, "too long");
}

static void nothing_can_be_reached(void **unused)
{
    (void)unused;
    if (decoder_pool_state().seccomp_error == 0) {
        expect_failure("escape", ERROR_INPUT, "it did nothing");
    }
    expect_failure("inherit", ERROR_INPUT, "it did nothing");
}

static void no_image_sees_an_earlier_one(void **unused)
{
    struct error err = { 0 };

    (void)unused;
    for (int i = 0; i < 5; i++) {
        assert_true(decode(NULL, &err));
        expect_failure("peek", ERROR_INPUT, "it did nothing");
    }
}

static void memory_is_limited(void **unused)
{
    (void)unused;
#if defined(__SANITIZE_ADDRESS__)
    skip();
#endif
    expect_failure("memory", ERROR_INPUT, "it did nothing");
}

/* Calls `each` for the decoder processes, which are the children of this process. */
static int for_each_process(void (*each)(pid_t pid))
{
    char path[100], text[2000] = "", *at = text, *end;
    FILE *file;
    int count = 0;

    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)getpid(), (int)getpid());
    file = fopen(path, "r");
    assert_non_null(file);
    if (!fgets(text, sizeof text, file)) {
        text[0] = '\0';
    }
    fclose(file);
    for (long pid = strtol(at, &end, 10); end != at; pid = strtol(at, &end, 10)) {
        each((pid_t)pid);
        count++;
        at = end;
    }
    return count;
}

static void kill_it(pid_t pid)
{
    assert_int_equal(kill(pid, SIGKILL), 0);
}

static void a_process_that_disappears_is_replaced(void **unused)
{
    struct error err = { 0 };

    (void)unused;
    assert_true(decode(NULL, &err));
    assert_int_equal(for_each_process(kill_it), 2);
    for (int i = 0; i < 4; i++) {
        if (!decode(NULL, &err)) {
            fail_msg("%s", err.text);
        }
    }
    assert_true(decoder_pool_state().lost >= 1);
}

static void stop_it(pid_t pid)
{
    assert_int_equal(kill(pid, SIGSTOP), 0);
}

/* Stopped processes stand for a machine that has hung: the image is not to blame. */
static void a_process_that_does_not_answer_is_replaced(void **unused)
{
    struct error err = { 0 };
    int failures = 0;

    (void)unused;
    decoder_pool_close();
    config.timeout_ms = 1500; /* long enough for a process that has just been started */
    assert_int_equal(open_pool(NULL), 0);
    assert_int_equal(for_each_process(stop_it), 2);
    for (int i = 0; i < 10 && !decode(NULL, &err); i++) {
        assert_int_equal(err.kind, ERROR_INTERNAL);
        assert_non_null(strstr(err.text, "in time"));
        failures++;
    }
    assert_true(failures >= 1 && failures < 10);
    config.timeout_ms = 110000;
}

static void signals_of_the_terminal_are_ignored(void **unused)
{
    struct error err = { 0 };

    (void)unused;
    killpg(getpgrp(), SIGHUP);
    if (!decode(NULL, &err)) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(decoder_pool_state().lost, 0);
}

static void *decode_many(void *arg)
{
    struct error err = { 0 };
    int *good = arg;

    for (int i = 0; i < 25; i++) {
        *good += decode(i % 5 == 4 ? "crash" : NULL, &err);
    }
    return NULL;
}

static void many_threads_share_the_processes(void **unused)
{
    pthread_t threads[6];
    int good[6] = { 0 };

    (void)unused;
    memory_budget_set(40 << 20);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, decode_many, &good[i]), 0);
    }
    for (int i = 0; i < 6; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(good[i], 20);
    }
    assert_int_equal(memory_budget_state().used, 0);
    memory_budget_set(0);
}

static int descriptors(void)
{
    int count = 0;

    for (int fd = 0; fd < 1000; fd++) {
        count += fcntl(fd, F_GETFD) >= 0;
    }
    return count;
}

static void no_descriptor_is_leaked(void **unused)
{
    struct error err = { 0 };
    int before;

    (void)unused;
    for (int i = 0; i < 4; i++) {
        decode("crash", &err);
    }
    before = descriptors();
    for (int i = 0; i < 10; i++) {
        decode(i % 2 ? "crash" : NULL, &err);
    }
    assert_int_equal(descriptors(), before);
}

/* As in a container that forbids seccomp. */
static void without_seccomp_the_other_limits_remain(void **unused)
{
    static const char *const restricted[] = { "test", DECODER_COMMAND, "without-seccomp", NULL };
    struct decoder_pool_config other = { .processes = 1, .argv = restricted, .cpu_seconds = 1 };
    struct error err = { 0 };

    (void)unused;
    decoder_pool_close();
    assert_true(decoder_pool_open(&other, &err));
    assert_int_equal(decoder_pool_state().seccomp_error, EPERM);
    expect_failure("open", ERROR_INPUT, "it did nothing");
    expect_failure("inherit", ERROR_INPUT, "it did nothing");
    expect_failure("crash", ERROR_INPUT, "ended its decoder");
    expect_failure("spin", ERROR_INPUT, "too long");
}

/* A process that cannot be started is reported, and images are decoded here. */
static void without_processes_images_are_decoded_here(void **unused)
{
    static const char *const wrong[] = { "test", "ends-at-once", NULL };
    struct decoder_pool_config broken = { .processes = 1, .argv = wrong };
    struct error err = { 0 };

    (void)unused;
    decoder_pool_close();
    assert_false(decoder_pool_open(&broken, &err));
    assert_int_equal(err.kind, ERROR_INTERNAL);
    assert_true(decode(NULL, &err));
    assert_int_equal(open_pool(NULL), 0);
    assert_true(decode(NULL, &err));
}

static void forbid_seccomp(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

    assert_int_equal(seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prctl), 1,
                                      SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP, 0)),
                     0);
    assert_int_equal(seccomp_load(filter), 0);
    seccomp_release(filter);
}

int main(int argc, char **argv)
{
    static const char *own[] = { "test", DECODER_COMMAND, NULL };
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_pool, close_pool)
        TEST(images_are_decoded),
        TEST(a_broken_image_says_why),
        TEST(a_crash_ends_only_its_image),
        TEST(an_endless_loop_is_ended),
        TEST(nothing_can_be_reached),
        TEST(no_image_sees_an_earlier_one),
        TEST(memory_is_limited),
        TEST(a_process_that_disappears_is_replaced),
        TEST(a_process_that_does_not_answer_is_replaced),
        TEST(signals_of_the_terminal_are_ignored),
        TEST(many_threads_share_the_processes),
        TEST(no_descriptor_is_leaked),
        TEST(without_seccomp_the_other_limits_remain),
        TEST(without_processes_images_are_decoded_here),
#undef TEST
    };

    if (argc >= 2 && strcmp(argv[1], DECODER_COMMAND) == 0) {
        if (argc == 3) {
            forbid_seccomp();
        }
        return decoder_serve(decode_or_obey);
    }
    if (argc == 2) {
        return 1;
    }
    config.argv = own;
    setpgid(0, 0); /* the signal of a test is for this program and its decoder processes */
    signal(SIGHUP, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

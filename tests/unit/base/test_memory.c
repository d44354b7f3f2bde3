/* test_memory.c - the process ends with SIGABRT, and the message has file, line and cause. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"

#ifdef __SANITIZE_ADDRESS__
/* AddressSanitizer ends the process itself if memory cannot be allocated, unless told otherwise. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}
#endif

enum { FATAL_LINE = __LINE__ + 5 };
static int runs;

static void fail_short(void)
{
    FATAL("unknown setting '%s'", "colour");
}

static void fail_long(void)
{
    static char text[2000];

    memset(text, 'x', sizeof text - 1);
    FATAL("%s", text);
}

static void violate(void)
{
    INVARIANT(1 + 1 == 2); /* holds: has no effect */
    INVARIANT(runs < 0);
}

static void exhaust_memory(void)
{
    (void)xcalloc(SIZE_MAX / 16, 8);
}

/* Runs the function in a child; returns its standard error output and wait status. */
static int run(void (*function)(void), char *output, size_t size)
{
    int ends[2], status = 0;
    size_t used = 0;
    ssize_t got;
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit no_core = { 0, 0 };

        setrlimit(RLIMIT_CORE, &no_core);
        signal(SIGABRT, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        function();
        _exit(0);
    }
    close(ends[1]);
    while (used + 1 < size && (got = read(ends[0], output + used, size - 1 - used)) > 0) {
        used += (size_t)got;
    }
    output[used] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void assert_aborted(int status)
{
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void message_has_file_line_and_cause(void **state)
{
    char output[4096], end[100];

    (void)state;
    assert_aborted(run(fail_short, output, sizeof output));
    assert_non_null(strstr(output, "darkroom: "));
    snprintf(end, sizeof end, "test_memory.c:%d: unknown setting 'colour'\n", FATAL_LINE);
    assert_non_null(strstr(output, end));
}

static void long_message_is_cut_and_ends_its_line(void **state)
{
    char output[4096];

    (void)state;
    assert_aborted(run(fail_long, output, sizeof output));
    assert_true(strlen(output) > 100 && strlen(output) <= 512);
    assert_int_equal(output[strlen(output) - 1], '\n');
}

static void violated_invariant_names_its_condition(void **state)
{
    char output[4096];

    (void)state;
    assert_aborted(run(violate, output, sizeof output));
    assert_non_null(strstr(output, "invariant violated: runs < 0\n"));
}

static void exhausted_memory_aborts_with_the_requested_size(void **state)
{
    char output[4096];

    (void)state;
    assert_aborted(run(exhaust_memory, output, sizeof output));
    assert_non_null(strstr(output, "out of memory: "));
    assert_non_null(strstr(output, " elements of 8 bytes\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(message_has_file_line_and_cause),
        cmocka_unit_test(long_message_is_cut_and_ends_its_line),
        cmocka_unit_test(violated_invariant_names_its_condition),
        cmocka_unit_test(exhausted_memory_aborts_with_the_requested_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

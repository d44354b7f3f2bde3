/* test_standard_streams.c - closed standard streams are no numbers for connections and files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "term/standard_streams.h"

/* In a process of its own. The exit status is that of the first check that fails. */
static void check_with_closed(int closed)
{
    for (int fd = 0; fd < 3; fd++) {
        if (closed & 1 << fd) {
            close(fd);
        }
    }
    if (!standard_streams_open()) {
        _exit(1);
    }
    for (int fd = 0; fd < 3; fd++) {
        if (fcntl(fd, F_GETFD) < 0 || (closed & 1 << fd && write(fd, "x", 1) != 1)) {
            _exit(2);
        }
    }
    _exit(open("/dev/null", O_RDONLY) > STDERR_FILENO ? 0 : 3);
}

static void closed_streams_are_replaced(void **state)
{
    (void)state;
    for (int closed = 0; closed < 8; closed++) {
        pid_t child = fork();
        int status = -1;

        if (child == 0) {
            check_with_closed(closed);
        }
        assert_true(child > 0 && waitpid(child, &status, 0) == child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(closed_streams_are_replaced) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_open_files.c - the soft limit is raised as far as needed, the hard limit is reported. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/resource.h>

#include "io/open_files.h"

static void limits(rlim_t soft, rlim_t hard)
{
    struct rlimit limit = { .rlim_cur = soft, .rlim_max = hard };

    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static rlim_t soft(void)
{
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

static void soft_limit_is_raised_up_to_the_hard_limit(void **state)
{
    struct error err;

    (void)state;
    limits(100, 200); /* of this process alone */
    assert_true(open_files_raise_limit(50, &err));
    assert_int_equal(soft(), 100);
    assert_true(open_files_raise_limit(150, &err));
    assert_int_equal(soft(), 150);
    assert_false(open_files_raise_limit(201, &err));
    assert_int_equal(soft(), 200); /* as far as it goes */
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_string_equal(err.text,
                        "201 open files and sockets are needed, but only 200 are allowed");
    assert_non_null(strstr(err.hint, "LimitNOFILE"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(soft_limit_is_raised_up_to_the_hard_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

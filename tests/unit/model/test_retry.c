/* test_retry.c - delay before the next attempt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/retry.h"

static const struct error plain = { .kind = ERROR_BUSY };

static void delay_doubles_up_to_the_maximum(void **state)
{
    (void)state;
    assert_int_equal(retry_delay(&plain, 1, 1000, 0xffff), 1000);
    assert_int_equal(retry_delay(&plain, 2, 1000, 0xffff), 2000);
    assert_int_equal(retry_delay(&plain, 5, 1000, 0xffff), 16000);
    assert_int_equal(retry_delay(&plain, 9, 1000, 0xffff), 256000);
    assert_int_equal(retry_delay(&plain, 10, 1000, 0xffff), 300000);
    assert_int_equal(retry_delay(&plain, 1000000, 1000, 0xffff), 300000);
    assert_int_equal(retry_delay(&plain, 1, UINT32_MAX, 0xffff), 300000);
    assert_int_equal(retry_delay(&plain, 3, 0, 0xffff), 0);
    assert_int_equal(retry_delay(&plain, 0, 1000, 0xffff), 1000);
    assert_int_equal(retry_delay(&plain, -5, 1000, 0xffff), 1000);
}

static void jitter_stays_between_half_and_whole(void **state)
{
    uint32_t least = UINT32_MAX, most = 0, random = 1;

    (void)state;
    assert_int_equal(retry_delay(&plain, 3, 1000, 0), 2000);
    for (int i = 0; i < 10000; i++) {
        uint32_t delay;

        random = random * 1664525u + 1013904223u;
        delay = retry_delay(&plain, 3, 1000, random);
        assert_in_range(delay, 2000, 4000);
        least = delay < least ? delay : least;
        most = delay > most ? delay : most;
    }
    assert_in_range(least, 2000, 2050); /* uses the complete range */
    assert_in_range(most, 3950, 4000);
}

static void requested_delay_is_respected(void **state)
{
    struct error asked = { .kind = ERROR_BUSY, .retry_ms = 60000 };

    (void)state;
    for (uint32_t random = 0; random < 0xffff0000u; random += 0x01234567u) {
        uint32_t delay = retry_delay(&asked, 1, 1000, random);

        assert_in_range(delay, 60000, 60250); /* jitter only adds to it */
        if (random > 0xffff0000u - 0x01234567u) {
            break;
        }
    }
    asked.retry_ms = 500; /* shorter than our own delay, which is kept */
    assert_int_equal(retry_delay(&asked, 3, 1000, 0), 2000);
    asked.retry_ms = UINT32_MAX; /* does not overflow */
    assert_int_equal(retry_delay(&asked, 1, 300000, 0xffffffff), UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delay_doubles_up_to_the_maximum),
        cmocka_unit_test(jitter_stays_between_half_and_whole),
        cmocka_unit_test(requested_delay_is_respected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

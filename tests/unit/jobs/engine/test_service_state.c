/* test_service_state.c - what calls and probes change in the state of a service. Times are
 * milliseconds of a clock that the tests set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "jobs/engine/service_state.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND };

/* Backoffs are not shortened by jitter: random is the largest value. */
static const struct service_timing timing = { .pause_ms = 30 * SECOND, .random = 0xffff };

static const struct error refused_connection = { .kind = ERROR_NETWORK };
static const struct error internal_error = { .kind = ERROR_REMOTE };
static const struct error busy = { .kind = ERROR_BUSY };
static const struct error rejected_key = { .kind = ERROR_KEY };

static bool fail_at(struct service_state *state, const struct error *why, int64_t now_ms)
{
    return service_state_fail(state, why, now_ms, now_ms, &timing);
}

static void one_failure_stops_nothing(void **unused)
{
    struct service_state state = { .status = SERVICE_HEALTHY };

    (void)unused;
    assert_false(fail_at(&state, &refused_connection, 1));
    assert_false(fail_at(&state, &internal_error, 2));
    assert_false(service_state_succeed(&state, 3, 4, 0));
    assert_false(fail_at(&state, &internal_error, 5));
    assert_false(fail_at(&state, &internal_error, 6));
    assert_false(service_stopped(&state));
}

static void three_failures_in_a_row_stop_the_service(void **unused)
{
    struct service_state state = { .status = SERVICE_HEALTHY };

    (void)unused;
    fail_at(&state, &refused_connection, 10);
    fail_at(&state, &refused_connection, 20);
    assert_true(fail_at(&state, &refused_connection, 30));
    assert_int_equal(state.status, SERVICE_UNREACHABLE);
    assert_true(service_stopped(&state));
    assert_int_equal(state.since_ms, 30);
    assert_int_equal(state.next_probe_ms, 30 + 5 * SECOND);
}

static void what_an_operator_must_correct_stops_the_service_at_once(void **unused)
{
    static const struct {
        struct error why;
        enum service_status status;
    } cases[] = {
        { { .kind = ERROR_KEY }, SERVICE_KEY_REJECTED },
        { { .kind = ERROR_QUOTA }, SERVICE_OUT_OF_CREDIT },
        { { .kind = ERROR_CONFIG }, SERVICE_MISCONFIGURED },
        { { .kind = ERROR_CONFIG, .cause = ERROR_CAUSE_MODEL_GONE }, SERVICE_RETIRED },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct service_state state = { .status = SERVICE_HEALTHY };

        assert_true(fail_at(&state, &cases[i].why, 100));
        assert_int_equal(state.status, cases[i].status);
        assert_true(service_rule(state.status)->needs_operator);
    }
}

static void errors_of_the_job_change_nothing(void **unused)
{
    static const enum error_kind kinds[] = { ERROR_INPUT,    ERROR_REFUSED, ERROR_OUTPUT,
                                             ERROR_INTERNAL, ERROR_LOST,    ERROR_STOPPED,
                                             ERROR_DATABASE };
    struct service_state state = { .status = SERVICE_HEALTHY };

    (void)unused;
    for (int round = 0; round < 10; round++) {
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
            assert_false(fail_at(&state, &(struct error){ .kind = kinds[i] }, round));
        }
    }
    assert_int_equal(state.status, SERVICE_HEALTHY);
}

static void a_short_retry_after_is_no_state_and_a_long_one_is(void **unused)
{
    struct error wait_a_minute = { .kind = ERROR_BUSY, .retry_ms = MINUTE };
    struct error wait_an_hour = { .kind = ERROR_BUSY, .retry_ms = 60 * MINUTE };
    struct error wait_a_day = { .kind = ERROR_BUSY, .retry_ms = 24 * 60 * MINUTE };
    struct service_state state = { .status = SERVICE_HEALTHY };

    (void)unused;
    assert_false(fail_at(&state, &wait_a_minute, 0));
    assert_true(fail_at(&state, &wait_an_hour, 10));
    assert_int_equal(state.status, SERVICE_RATE_LIMITED);
    assert_int_equal(state.next_probe_ms, 10 + 60 * MINUTE);
    state = (struct service_state){ .status = SERVICE_HEALTHY };
    assert_true(fail_at(&state, &wait_a_day, 10));
    assert_int_equal(state.next_probe_ms, 10 + 60 * MINUTE); /* probed after an hour at most */
}

static void rejections_of_one_round_trip_count_once(void **unused)
{
    struct service_state state = { .status = SERVICE_HEALTHY };

    (void)unused;
    for (int i = 0; i < 16; i++) { /* all were sent before the first was rejected */
        assert_false(service_state_fail(&state, &busy, 0, 100 + i, &timing));
    }
    for (int round = 2; round <= 4; round++) {
        assert_int_equal(service_state_fail(&state, &busy, round * 1000, round * 1000 + 50,
                                            &timing),
                         round == 4);
    }
    assert_int_equal(state.status, SERVICE_RATE_LIMITED);
}

static void a_call_sent_before_the_stop_changes_nothing(void **unused)
{
    struct service_state state = { .status = SERVICE_HEALTHY };

    (void)unused;
    assert_true(fail_at(&state, &rejected_key, 1000));
    assert_false(service_state_fail(&state, &internal_error, 999, 1500, &timing));
    assert_false(service_state_succeed(&state, 999, 1500, 0));
    assert_int_equal(state.status, SERVICE_KEY_REJECTED);
    assert_int_equal(state.failures, 0);
}

static void backoff_grows_with_each_failed_probe_to_its_limit(void **unused)
{
    struct service_state state = { .status = SERVICE_HEALTHY };
    int64_t now = 0, last = 0;

    (void)unused;
    assert_true(fail_at(&state, &rejected_key, now));
    for (int i = 0; i < 20; i++) {
        int64_t wait = state.next_probe_ms - now;

        assert_true(wait >= last && wait <= 15 * MINUTE);
        last = wait;
        now = state.next_probe_ms;
        assert_true(fail_at(&state, &rejected_key, now));
        assert_int_equal(state.failures, i + 1);
    }
    assert_int_equal(last, 15 * MINUTE);
    assert_int_equal(state.since_ms, 0); /* of the trouble, not of the last probe */
}

static void a_probe_can_find_another_state(void **unused)
{
    struct service_state state = { .status = SERVICE_HEALTHY };

    (void)unused;
    for (int i = 0; i < 3; i++) {
        fail_at(&state, &refused_connection, 100);
    }
    assert_true(fail_at(&state, &rejected_key, 9000));
    assert_int_equal(state.status, SERVICE_KEY_REJECTED);
    assert_int_equal(state.since_ms, 100);
}

static void one_unreadable_answer_stops_only_a_model_that_never_worked(void **unused)
{
    static const struct error unreadable = { .kind = ERROR_FORMAT };
    struct service_state state = { .status = SERVICE_HEALTHY };

    (void)unused;
    assert_true(fail_at(&state, &unreadable, 1));
    assert_int_equal(state.status, SERVICE_UNREADABLE);
    state = (struct service_state){ .status = SERVICE_HEALTHY };
    service_state_succeed(&state, 1, 2, 0);
    assert_false(fail_at(&state, &unreadable, 3)); /* it may be the job's own fault */
    assert_false(fail_at(&state, &unreadable, 4));
    assert_true(fail_at(&state, &unreadable, 5));
}

static void a_success_makes_the_service_healthy(void **unused)
{
    struct service_state state = { .status = SERVICE_HEALTHY };

    (void)unused;
    fail_at(&state, &rejected_key, 100);
    assert_true(service_state_succeed(&state, 31000, 32000, 0));
    assert_int_equal(state.status, SERVICE_HEALTHY);
    assert_int_equal(state.failures, 0);
    assert_false(service_state_succeed(&state, 33000, 34000, 0));
}

static void jitter_takes_at_most_half_and_pause_is_the_scale(void **unused)
{
    (void)unused;
    for (uint32_t random = 0; random <= 0xffff; random += 0x1111) {
        struct service_timing scaled = { .pause_ms = 1000, .random = random };
        uint32_t backoff = service_backoff_ms(SERVICE_KEY_REJECTED, 0, 0, &scaled);

        assert_in_range(backoff, 500, 1000); /* 30 s, for a pause of 1 s instead of 30 s */
    }
}

static void slow_calls_are_a_state_that_stops_nothing(void **unused)
{
    struct service_state state = { .status = SERVICE_HEALTHY };

    (void)unused;
    for (int i = 0; i < 2; i++) {
        assert_false(service_state_succeed(&state, 0, 90 * SECOND, 100 * SECOND));
    }
    assert_true(service_state_succeed(&state, 0, 90 * SECOND, 100 * SECOND));
    assert_int_equal(state.status, SERVICE_SLOW);
    assert_false(service_stopped(&state));
    assert_true(service_state_succeed(&state, 0, 10 * SECOND, 100 * SECOND));
    assert_int_equal(state.status, SERVICE_HEALTHY);
}

static void every_state_has_a_name_and_says_what_to_do(void **unused)
{
    (void)unused;
    for (int i = 0; i < SERVICE_STATUSES; i++) {
        const struct service_rule *rule = service_rule((enum service_status)i);

        assert_non_null(rule->what_to_do);
        assert_int_equal(service_status_find(rule->name), i);
        assert_true(!rule->stops || (rule->strikes > 0 && rule->first_ms > 0 &&
                                     rule->longest_ms >= rule->first_ms));
    }
    assert_int_equal(service_status_find("?"), SERVICE_STATUSES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_failure_stops_nothing),
        cmocka_unit_test(three_failures_in_a_row_stop_the_service),
        cmocka_unit_test(what_an_operator_must_correct_stops_the_service_at_once),
        cmocka_unit_test(errors_of_the_job_change_nothing),
        cmocka_unit_test(a_short_retry_after_is_no_state_and_a_long_one_is),
        cmocka_unit_test(rejections_of_one_round_trip_count_once),
        cmocka_unit_test(a_call_sent_before_the_stop_changes_nothing),
        cmocka_unit_test(backoff_grows_with_each_failed_probe_to_its_limit),
        cmocka_unit_test(a_probe_can_find_another_state),
        cmocka_unit_test(one_unreadable_answer_stops_only_a_model_that_never_worked),
        cmocka_unit_test(a_success_makes_the_service_healthy),
        cmocka_unit_test(jitter_takes_at_most_half_and_pause_is_the_scale),
        cmocka_unit_test(slow_calls_are_a_state_that_stops_nothing),
        cmocka_unit_test(every_state_has_a_name_and_says_what_to_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

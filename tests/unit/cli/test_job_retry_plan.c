/* test_job_retry_plan.c - the sentence that `darkroom jobs retry` asks about states jobs, cost and
 * credits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/jobs/job_retry_plan.h"

static void expect_summary(struct retry_plan *plan, const char *data, const char *expected)
{
    char summary[RETRY_SUMMARY_BYTES];

    plan->data = cJSON_Parse(data);
    retry_plan_summary(plan, summary);
    assert_string_equal(summary, expected);
    retry_plan_free(plan);
}

static void jobs_cost_and_credits_are_stated(void **state)
{
    (void)state;
    expect_summary(&(struct retry_plan){ .jobs = 37, .usd = 1.48 },
                   "{\"refundedCredits\":120,\"paidCredits\":63,\"chargedCredits\":0}",
                   "37 jobs: about 1.48 USD; 0 credits are charged (120 were refunded before, 63 "
                   "stay paid)");
}

static void credits_of_a_batch_that_charges_its_users_are_stated(void **state)
{
    (void)state;
    expect_summary(&(struct retry_plan){ .jobs = 1, .usd = 0.04 },
                   "{\"refundedCredits\":8,\"paidCredits\":0,\"chargedCredits\":8}",
                   "1 job: about 0.04 USD; 8 credits are charged (8 were refunded before, 0 stay "
                   "paid)");
}

static void unknown_prices_and_kept_answers_are_stated(void **state)
{
    (void)state;
    expect_summary(&(struct retry_plan){ .jobs = 5, .unpriced = 2 }, "{\"keptAnswers\":3}",
                   "5 jobs: about 0.00 USD plus 2 jobs of unknown price; 3 use an answer that is "
                   "paid for; 0 credits are charged (0 were refunded before, 0 stay paid)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_cost_and_credits_are_stated),
        cmocka_unit_test(credits_of_a_batch_that_charges_its_users_are_stated),
        cmocka_unit_test(unknown_prices_and_kept_answers_are_stated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

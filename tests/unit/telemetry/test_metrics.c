/* test_metrics.c - the series of metrics: their values, their number, and readers that take no
 * lock.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "telemetry/metrics.h"

/* Returns whether the metric has a series whose first value is this one. */
static bool find(enum metric metric, const char *value, struct metric_sample *out)
{
    for (int i = 0; metric_read(metric, i, out); i++) {
        if (strcmp(out->values[0], value) == 0) {
            return true;
        }
    }
    return false;
}

static void a_counter_has_one_series_per_set_of_label_values(void **state)
{
    struct metric_sample sample;

    (void)state;
    metric_add(METRIC_JOBS, METRIC_VALUES("one", "completed"), 2);
    metric_add(METRIC_JOBS, METRIC_VALUES("two", "completed"), 5);
    metric_add(METRIC_JOBS, METRIC_VALUES("one", "completed"), 1);
    assert_true(find(METRIC_JOBS, "one", &sample));
    assert_int_equal(sample.value, 3);
    assert_true(find(METRIC_JOBS, "two", &sample));
    assert_int_equal(sample.value, 5);
    assert_false(find(METRIC_JOBS, "three", &sample));
}

static void a_declared_series_is_zero_and_keeps_its_value(void **state)
{
    struct metric_sample sample;

    (void)state;
    metric_declare(METRIC_ANSWERS_REJECTED, METRIC_VALUES("a"));
    assert_true(find(METRIC_ANSWERS_REJECTED, "a", &sample));
    assert_int_equal(sample.value, 0);
    metric_add(METRIC_ANSWERS_REJECTED, METRIC_VALUES("a"), 4);
    metric_declare(METRIC_ANSWERS_REJECTED, METRIC_VALUES("a"));
    assert_true(find(METRIC_ANSWERS_REJECTED, "a", &sample));
    assert_int_equal(sample.value, 4);
}

/* Bounds are 0.5, 1, 2, ... 600 seconds; a sample on a bound belongs to it. */
static void
a_sample_is_counted_in_the_bucket_of_the_first_bound_that_it_does_not_exceed(void **state)
{
    struct metric_sample sample;
    int last = metric_bound_count(METRIC_JOB_DURATION);

    (void)state;
    metric_observe(METRIC_JOB_DURATION, METRIC_VALUES("x"), 500000);
    metric_observe(METRIC_JOB_DURATION, METRIC_VALUES("x"), 500001);
    metric_observe(METRIC_JOB_DURATION, METRIC_VALUES("x"), 600 * 1000000LL);
    metric_observe(METRIC_JOB_DURATION, METRIC_VALUES("x"), 601 * 1000000LL);
    metric_observe(METRIC_JOB_DURATION, METRIC_VALUES("x"), -7);
    assert_true(find(METRIC_JOB_DURATION, "x", &sample));
    assert_int_equal(last, 15);
    assert_int_equal(sample.buckets[0], 2);
    assert_int_equal(sample.buckets[1], 1);
    assert_int_equal(sample.buckets[last - 1], 1);
    assert_int_equal(sample.buckets[last], 1);
    assert_int_equal(sample.value, 500000 + 500001 + 1201 * 1000000LL);
}

static void histograms_have_rising_bounds_and_all_others_none(void **state)
{
    (void)state;
    for (int i = 0; i < METRICS; i++) {
        const struct metric_definition *metric = &metric_table[i];
        int bounds = metric_bound_count((enum metric)i);

        assert_true((metric->type == METRIC_HISTOGRAM) == (bounds > 0));
        assert_true(bounds < METRIC_BUCKETS);
        for (int b = 1; b < bounds; b++) {
            assert_true(metric->buckets[b] > metric->buckets[b - 1]);
        }
    }
}

/* Memory stays bounded whatever the database or a provider names. */
static void further_label_values_of_a_full_metric_are_counted_as_other(void **state)
{
    struct metric_sample sample;
    char name[300];
    int count = 0;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "%0250d", i); /* cut: all of one length are equal */
        metric_add(METRIC_PROVIDER_COST, METRIC_VALUES("p", name), 1);
        snprintf(name, sizeof name, "model-%d", i);
        metric_add(METRIC_PROVIDER_COST, METRIC_VALUES("p", name), 1);
    }
    while (metric_read(METRIC_PROVIDER_COST, count, &sample)) {
        count++;
    }
    assert_int_equal(count, METRIC_SERIES);
    assert_true(find(METRIC_PROVIDER_COST, "other", &sample));
    assert_int_equal(sample.value, 1000 - (METRIC_SERIES - 2));
}

enum { WRITERS = 4, WRITES = 20000, KINDS = 50 };

static void *write_all(void *arg)
{
    char kind[12];

    (void)arg;
    for (int i = 0; i < WRITES; i++) {
        snprintf(kind, sizeof kind, "k%d", i % KINDS);
        metric_add(METRIC_HTTP_SENT_BYTES, METRIC_VALUES(kind), 1);
    }
    return NULL;
}

static void no_increase_is_lost_while_several_threads_write_and_one_reads(void **state)
{
    pthread_t threads[WRITERS];
    struct metric_sample sample;
    int64_t total = 0;
    int count = 0;

    (void)state;
    for (int i = 0; i < WRITERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, write_all, NULL), 0);
    }
    while (count < KINDS) { /* a reader sees complete series only */
        for (count = 0; metric_read(METRIC_HTTP_SENT_BYTES, count, &sample); count++) {
            assert_int_equal(sample.values[0][0], 'k');
        }
    }
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(threads[i], NULL);
    }
    for (count = 0; metric_read(METRIC_HTTP_SENT_BYTES, count, &sample); count++) {
        total += sample.value;
    }
    assert_int_equal(count, KINDS);
    assert_int_equal(total, WRITERS * WRITES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_counter_has_one_series_per_set_of_label_values),
        cmocka_unit_test(a_declared_series_is_zero_and_keeps_its_value),
        cmocka_unit_test(
            a_sample_is_counted_in_the_bucket_of_the_first_bound_that_it_does_not_exceed),
        cmocka_unit_test(histograms_have_rising_bounds_and_all_others_none),
        cmocka_unit_test(further_label_values_of_a_full_metric_are_counted_as_other),
        cmocka_unit_test(no_increase_is_lost_while_several_threads_write_and_one_reads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

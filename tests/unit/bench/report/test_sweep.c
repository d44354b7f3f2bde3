/* Sweeps: order of levels, knee, first rate limit, and the files that are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/json.h"
#include "bench/charts/chart.h"
#include "bench/report/sweep.h"
#include "lib/schema.h"

enum { TARGETS = 2, USABLE = 100 };

static struct target targets[TARGETS] = { { .name = "a", .task = TASK_IMAGE },
                                          { .name = "<script>b", .task = TASK_IMAGE } };
static const struct load_plan plan = { .targets = targets, .target_count = TARGETS };
static struct sweep sweep;

/* Adds a level at which both targets answer at this rate and with this latency. */
static void add(double level, double rate, double seconds, size_t rate_limited)
{
    struct target_summary summaries[TARGETS];

    for (int i = 0; i < TARGETS; i++) {
        summaries[i] = (struct target_summary){ .target = &targets[i],
                                                .issued = USABLE + rate_limited,
                                                .usable = calloc(USABLE, sizeof(double)),
                                                .count = USABLE,
                                                .rate = rate,
                                                .usd_per_usable = NAN,
                                                .usd_per_answer = NAN,
                                                .server = NAN,
                                                .first = NAN };
        summaries[i].outcomes[OUTCOME_OK] = USABLE;
        summaries[i].outcomes[OUTCOME_RATE_LIMITED] = i == 0 ? rate_limited : 0;
        for (int j = 0; j < SUMMARY_PERCENTILES; j++) {
            summaries[i].percentiles[j] = seconds * (1 + j);
            summaries[i].intervals[j] = (struct interval){ true, seconds * 0.9, seconds * 1.1 };
        }
    }
    sweep_add(&sweep, level, summaries);
}

static int set_up(void **state)
{
    (void)state;
    sweep = (struct sweep){ .plan = &plan, .command = "darkroom bench" };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sweep_free(&sweep);
    return 0;
}

static void levels_are_ascending_and_have_a_knee(void **state)
{
    (void)state;
    add(8, 3.6, 2.2, 0); /* power 1.6 */
    add(1, 0.8, 1.0, 0); /* 0.8 */
    add(32, 4.0, 8, 5);  /* 0.5 */
    add(4, 3.2, 1.2, 0); /* 2.7 */
    add(16, 3.8, 4, 2);
    for (int i = 1; i < sweep.count; i++) {
        assert_true(sweep.levels[i].level > sweep.levels[i - 1].level);
    }
    assert_true(sweep.levels[sweep_knee(&sweep, 0)].level == 4);
    assert_true(sweep.levels[sweep_first_429(&sweep, 0)].level == 16);
    assert_int_equal(sweep_first_429(&sweep, 1), -1);
}

/* There is no knee if throughput per latency only grows or only falls. */
static void monotonic_power_has_no_knee(void **state)
{
    (void)state;
    assert_int_equal(sweep_knee(&sweep, 0), -1);
    add(1, 1, 1, 0);
    add(2, 2, 1, 0);
    add(4, 4, 1, 0);
    assert_int_equal(sweep_knee(&sweep, 0), -1);
    sweep_free(&sweep);
    add(1, 1, 1, 0);
    add(2, 1, 2, 0);
    add(4, 1, 4, 0);
    assert_int_equal(sweep_knee(&sweep, 0), -1);
}

static void json_and_page_match(void **state)
{
    const struct embedded *file = embed_find("assets/bench/schema.json");
    cJSON *schema, *json;
    struct text page;
    struct error err;

    (void)state;
    add(1, 1, 1, 0);
    add(2.5, 2, 1.1, 0);
    add(5, 2, 3, 7);
    assert_true(json_parse(file->data, file->size, "schema", &schema, &err));
    json = sweep_json(&sweep);
    if (!schema_holds(schema, "sweep", json, &err)) {
        fail_msg("%s", err.text);
    }
    cJSON_Delete(json);
    cJSON_Delete(schema);
    text_begin(&page, 1 << 20);
    assert_true(sweep_html(&sweep, &page, &err));
    assert_null(strstr(page.data, "<script"));
    assert_non_null(strstr(page.data, "href=\"2.5/report.html\""));
    assert_non_null(strstr(page.data, "rate limited from 5 in flight on (7 of 107 requests)"));
    text_end(&page);
}

static void marks_stay_within_the_plot(void **state)
{
    static const int widths[] = { CHART_WIDE, CHART_NARROW };

    (void)state;
    assert_null(chart_sweep(&sweep, CHART_WIDE, ""));
    for (int count = 1; count <= 8; count++) {
        add(pow(2, count), count, 1 + count, count > 6);
        for (int i = 0; i < 2; i++) {
            struct plot *plot = chart_sweep(&sweep, widths[i], "");

            assert_non_null(plot);
            for (size_t j = 0; j < plot->count; j++) {
                const struct mark *mark = &plot->marks[j];

                assert_true(mark->at.x >= 0 && mark->at.x <= plot->width);
                assert_true(mark->at.y >= 0 && mark->at.y <= plot->height);
            }
            plot_free(plot);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(levels_are_ascending_and_have_a_knee, set_up, tear_down),
        cmocka_unit_test_setup_teardown(monotonic_power_has_no_knee, set_up, tear_down),
        cmocka_unit_test_setup_teardown(json_and_page_match, set_up, tear_down),
        cmocka_unit_test_setup_teardown(marks_stay_within_the_plot, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Every plot, wide and narrow, of small and large runs: marks stay inside, labels do not overlap,
 * names are escaped, and the PNG is drawn in light and dark. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/random.h"
#include "bench/charts/chart.h"
#include "image/image.h"

enum { TARGETS = 4 };
static const char hostile[] = "\"><script>alert(1)</script>&'";
static const int widths[] = { CHART_WIDE, CHART_NARROW };

static struct model model = { .id = "m" };
static struct provider provider = { .name = "p" };
static struct target targets[TARGETS] = {
    { .name = "gpt-image-2.5-flare 1024x1024 low", .model = &model, .provider = &provider },
    { .name = "a name so long that it goes into no legend of a phone, whatever one does",
      .model = &model,
      .provider = &provider },
    { .model = &model, .provider = &provider },
    { .name = "\xe5\x9b\xbe\xe5\x83\x8f \xd0\xba\xd0\xb0\xd1\x80\xd1\x82",
      .model = &model,
      .provider = &provider },
};
static struct run_progress progress;
static struct samples samples;
static struct target_summary summaries[TARGETS];
static struct load_plan plan = { .targets = targets, .concurrency = 4 };
static struct report report = {
    .plan = &plan, .progress = &progress, .samples = &samples, .summaries = summaries, .command = ""
};

/* Creates a run; `scale` is the median latency in microseconds. */
static void run(int target_count, int requests, double scale, double failing)
{
    uint64_t state = 5;

    plan.target_count = target_count;
    for (int i = 0; i < requests * target_count; i++) {
        int64_t took = (int64_t)(scale * exp(0.6 * random_normal(&state)));
        bool failed = random_uniform(&state) < failing;
        struct sample sample = { .sequence = i,
                                 .entry = { .target = i % target_count, .block = i / target_count },
                                 .warm_up = i < target_count,
                                 .outcome = failed ? OUTCOME_RATE_LIMITED : OUTCOME_OK,
                                 .due_us = (int64_t)(i * scale / 3),
                                 .started_us = (int64_t)(i * scale / 3) + 100,
                                 .read_us = 300,
                                 .check_us = 9000,
                                 .times = { .dns_us = 100,
                                            .connect_us = 300,
                                            .tls_us = 900,
                                            .pretransfer_us = 1200,
                                            .first_byte_us = took - 2000,
                                            .total_us = took },
                                 .status = failed ? 429 : 200,
                                 .processing_ms = -1,
                                 .cost_microusd = failed ? -1 : 6000 + 900 * (i % target_count),
                                 .duplicate_of = -1 };

        sample.ended_us = sample.started_us + took;
        progress.ended_us = sample.ended_us;
        samples_add(&samples, &sample);
    }
    progress.first_us = 0;
    progress.stopped_us = samples.rows[samples.count - 1].due_us;
    target_summaries_make(&plan, &progress, &samples, summaries);
}

static int tear_down(void **state)
{
    (void)state;
    target_summaries_free(summaries, plan.target_count);
    samples_free(&samples);
    return 0;
}

static void left_and_right(const struct mark *mark, double *left, double *right)
{
    double width = plot_text_width(mark->text);

    *left = mark->at.x - (mark->anchor == ANCHOR_START    ? 0
                          : mark->anchor == ANCHOR_MIDDLE ? width / 2
                                                          : width);
    *right = *left + width;
}

static void inside(const struct plot *plot, struct point point)
{
    assert_true(isfinite(point.x) && point.x >= -0.1 && point.x <= plot->width + 0.1);
    assert_true(isfinite(point.y) && point.y >= -0.1 && point.y <= plot->height + 0.1);
}

static void labels_stand_apart(const struct plot *plot)
{
    for (size_t i = 0; i < plot->count; i++) {
        const struct mark *a = &plot->marks[i];
        double left, right;

        if (a->kind != MARK_LABEL) {
            continue;
        }
        left_and_right(a, &left, &right);
        inside(plot, (struct point){ left, a->at.y - PLOT_TEXT * 0.8 });
        inside(plot, (struct point){ right, a->at.y });
        for (size_t j = i + 1; j < plot->count; j++) {
            const struct mark *b = &plot->marks[j];
            double from, to;

            if (b->kind == MARK_LABEL && fabs(a->at.y - b->at.y) < PLOT_TEXT) {
                left_and_right(b, &from, &to);
                if (!(to <= left || from >= right)) {
                    fail_msg("%s: '%s' stands over '%s'", plot->title, a->text, b->text);
                }
            }
        }
    }
}

static void looks_right(const struct plot *plot, int width)
{
    assert_int_equal(plot->width, width);
    assert_in_range(plot->height, 50, 900);
    for (size_t i = 0; i < plot->point_count; i++) {
        inside(plot, plot->points[i]);
    }
    for (size_t i = 0; i < plot->count; i++) {
        inside(plot, plot->marks[i].at);
        inside(plot, plot->marks[i].far);
        assert_true(plot->marks[i].kind != MARK_BAR || plot->marks[i].far.x >= plot->marks[i].at.x);
    }
    labels_stand_apart(plot);
}

static void marks_stay_inside_and_labels_do_not_overlap(void **unused)
{
    static const struct {
        int targets, requests;
        double scale, failing;
    } runs[] = { { 1, 2, 20000000, 0 },
                 { 1, 30, 150000, 0 },
                 { 2, 5000, 2000, 0.3 },
                 { 4, 40, 9000000, 0.1 },
                 { 4, 1000, 120000000, 0 } };

    (void)unused;
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        run(runs[i].targets, runs[i].requests, runs[i].scale, runs[i].failing);
        for (int j = 0; j < CHARTS * 2; j++) {
            const struct chart *chart = &charts[j / 2];
            struct plot *plot = chart->draw(&report, widths[j % 2], chart->title);

            if (plot) {
                looks_right(plot, widths[j % 2]);
            }
            plot_free(plot);
        }
        tear_down(NULL);
    }
}

/* Plots of answers are not drawn without usable answers. */
static void without_usable_answers_no_plot_of_answers(void **unused)
{
    (void)unused;
    run(2, 20, 100000, 1);
    for (int i = 0; i < CHARTS; i++) {
        struct plot *plot = charts[i].draw(&report, CHART_WIDE, charts[i].title);

        if (plot) {
            looks_right(plot, CHART_WIDE);
        }
        plot_free(plot);
    }
    assert_null(chart_percentiles(&report, CHART_WIDE, ""));
    assert_null(chart_phases(&report, CHART_WIDE, ""));
}

static void names_are_escaped(void **unused)
{
    (void)unused;
    strcpy(targets[2].name, hostile);
    run(4, 40, 100000, 0.1);
    for (int i = 0; i < CHARTS; i++) {
        struct text page;

        text_begin(&page, 10 << 20);
        chart_html(&report, &charts[i], &page);
        assert_null(strstr(page.data, "<script"));
        assert_null(strstr(page.data, "nan"));
        text_end(&page);
    }
}

static void png_has_light_and_dark_forms(void **unused)
{
    struct plot *plot;
    struct image image;
    uint8_t corner[2];

    (void)unused;
    run(4, 40, 100000, 0.1);
    plot = chart_timeline(&report, CHART_NARROW, "title");
    for (int dark = 0; dark < 2; dark++) {
        struct blob file;
        struct error err;
        size_t odd = 0;

        assert_true(plot_png(plot, dark, &file, &err));
        assert_true(image_decode(&file, NULL, &image, NULL, &err));
        assert_true(image.width > CHART_NARROW * 2 && image.height > plot->height * 2);
        corner[dark] = image.pixels[0];
        for (size_t i = 0; i < (size_t)image.width * (size_t)image.height; i++) {
            odd += image.pixels[i * 3] != corner[dark];
        }
        assert_true(odd > 5000); /* not blank */
        image_free(&image);
        blob_free(&file);
    }
    assert_true(corner[0] > 200 && corner[1] < 60);
    plot_free(plot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_stay_inside_and_labels_do_not_overlap),
        cmocka_unit_test_teardown(without_usable_answers_no_plot_of_answers, tear_down),
        cmocka_unit_test_teardown(names_are_escaped, tear_down),
        cmocka_unit_test_teardown(png_has_light_and_dark_forms, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

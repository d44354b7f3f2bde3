/* series.c - computes the windows of a run and compares its two halves. */
#include "bench/report/series.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

enum { WINDOW_REQUESTS = 8, MEDIAN_LEAST = 3, P95_LEAST = 20 };

static double seconds(int64_t us)
{
    return (double)us / 1e6;
}

/* Divides the time in which requests were due into windows of about eight requests per target. */
static void divide_windows(const struct load_plan *plan, const struct run_progress *progress,
                           const struct samples *samples, struct series *out)
{
    size_t each = samples->count / (size_t)(plan->target_count * WINDOW_REQUESTS);
    double from = seconds(progress->first_us), length;

    length = seconds(progress->stopped_us) - from;
    if (progress->first_us < 0 || length <= 0 || each < 2) {
        return;
    }
    out->count = each < WINDOWS_MAX ? (int)each : WINDOWS_MAX;
    for (int i = 0; i < out->count; i++) {
        out->windows[i] = (struct time_window){ .from = from + length * i / out->count,
                                                .to = from + length * (i + 1) / out->count };
    }
}

static struct time_window *window_at(struct series *series, double at)
{
    const struct time_window *first = &series->windows[0];
    double i = floor((at - first->from) / (first->to - first->from));

    /* clamped: the first and last requests may be due just outside of the windows */
    return &series->windows[(int)fmin(fmax(i, 0), series->count - 1)];
}

static void add_sample(struct series *series, const struct sample *sample)
{
    struct time_window *window;
    double ended = seconds(sample->ended_us), begun = seconds(sample->started_us);

    if (sample->outcome == OUTCOME_RATE_LIMITED &&
        !(series->first_429_at <= seconds(sample->due_us))) {
        series->first_429_at = seconds(sample->due_us);
    }
    if (series->count == 0) {
        return;
    }
    window = window_at(series, seconds(sample->due_us));
    window->due++;
    window->usable += sample->outcome == OUTCOME_OK;
    window->shed += sample->outcome == OUTCOME_SHED;
    window->rate_limited += sample->outcome == OUTCOME_RATE_LIMITED;
    window->failed += sample->outcome != OUTCOME_OK && sample->outcome != OUTCOME_SHED;
    for (int i = 0; i < series->count; i++) {
        struct time_window *w = &series->windows[i];

        w->in_flight += fmax(fmin(ended, w->to) - fmax(begun, w->from), 0) / (w->to - w->from);
    }
    window = &series->windows[series->count - 1];
    if (sample->outcome == OUTCOME_OK && ended <= window->to) {
        window = window_at(series, ended);
        window->usable_rate += 1 / (window->to - window->from);
    }
}

struct timed_answer { /* usable; seconds */
    double due, took;
};

static int by_due(const void *a, const void *b)
{
    double x = ((const struct timed_answer *)a)->due, y = ((const struct timed_answer *)b)->due;

    return (x > y) - (x < y);
}

/* Returns the latencies of consecutive answers, ascending. */
static struct sample_view latencies_of(const struct timed_answer *answers, size_t count,
                                       double *capacity)
{
    for (size_t i = 0; i < count; i++) {
        capacity[i] = answers[i].took;
    }
    values_sort(capacity, count);
    return (struct sample_view){ capacity, count };
}

static void fill_percentiles(struct series *series, const struct timed_answer *answers,
                             double *capacity)
{
    size_t at = 0;

    for (int i = 0; i < series->count; i++) {
        struct time_window *window = &series->windows[i];
        struct sample_view view = latencies_of(answers + at, window->usable, capacity);

        window->p50 = view.count >= MEDIAN_LEAST ? percentile_of(capacity, view.count, 0.5) : NAN;
        window->p95 = view.count >= P95_LEAST ? percentile_of(capacity, view.count, 0.95) : NAN;
        window->due_rate = (double)window->due / (window->to - window->from);
        at += window->usable;
    }
}

static void fill_drift(const struct load_plan *plan, struct series *series,
                       const struct timed_answer *answers, size_t count, double *capacity)
{
    struct sample_view early = latencies_of(answers, count / 2, capacity);
    struct sample_view late =
        latencies_of(answers + count / 2, count - count / 2, capacity + count / 2);

    series->halves[0] = early.count;
    series->halves[1] = late.count;
    series->drift = compare_percentile(early, late, 0.5, 0.95, plan->target_count, plan->seed + 1);
}

void series_make(const struct load_plan *plan, const struct run_progress *progress,
                 const struct samples *samples, int target, struct series *out)
{
    struct timed_answer *answers = xcalloc(samples->count + 1, sizeof *answers);
    double *capacity = xcalloc(samples->count + 1, sizeof *capacity);
    size_t count = 0;

    *out = (struct series){ .first_429_at = NAN };
    divide_windows(plan, progress, samples, out);
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *sample = &samples->rows[i];

        if (sample->entry.target != target || sample->warm_up) {
            continue;
        }
        add_sample(out, sample);
        if (sample->outcome == OUTCOME_OK) {
            answers[count++] =
                (struct timed_answer){ seconds(sample->due_us), seconds(sample_usable_us(sample)) };
        }
    }
    qsort(answers, count, sizeof *answers, by_due);
    fill_percentiles(out, answers, capacity);
    if (out->count > 0) {
        fill_drift(plan, out, answers, count, capacity);
    }
    free(answers);
    free(capacity);
}

/* series.c - windows of a run, and its two halves. */
#include "bench/report/series.h"

#include <math.h>
#include <stdlib.h>

enum { WINDOW_REQUESTS = 8, MEDIAN_LEAST = 3, P95_LEAST = 20 };

static double seconds(int64_t us)
{
    return (double)us / 1e6;
}

/* Windows in which each target has some eight requests, over the time in which they were due. */
static void lay_windows(const struct plan *plan, const struct standing *standing,
                        const struct samples *samples, struct series *out)
{
    size_t each = samples->count / (size_t)(plan->target_count * WINDOW_REQUESTS);
    double from = seconds(standing->first_us), length;

    length = seconds(standing->stopped_us) - from;
    if (standing->first_us < 0 || length <= 0 || each < 2) {
        return;
    }
    out->count = each < WINDOWS_MAX ? (int)each : WINDOWS_MAX;
    for (int i = 0; i < out->count; i++) {
        out->windows[i] = (struct window){ .from = from + length * i / out->count,
                                           .to = from + length * (i + 1) / out->count };
    }
}

static struct window *window_at(struct series *series, double at)
{
    const struct window *first = &series->windows[0];
    double i = floor((at - first->from) / (first->to - first->from));

    /* places of a closed loop fall free a moment before the first, or after the last, is asked */
    return &series->windows[(int)fmin(fmax(i, 0), series->count - 1)];
}

static void add_sample(struct series *series, const struct sample *sample)
{
    struct window *window;
    double ended = seconds(sample->ended_us), begun = seconds(sample->begun_us);

    if (sample->outcome == OUTCOME_RATE && !(series->limited_from <= seconds(sample->due_us))) {
        series->limited_from = seconds(sample->due_us);
    }
    if (series->count == 0) {
        return;
    }
    window = window_at(series, seconds(sample->due_us));
    window->due++;
    window->usable += sample->outcome == OUTCOME_OK;
    window->shed += sample->outcome == OUTCOME_SHED;
    window->limited += sample->outcome == OUTCOME_RATE;
    window->failed += sample->outcome != OUTCOME_OK && sample->outcome != OUTCOME_SHED;
    for (int i = 0; i < series->count; i++) {
        struct window *w = &series->windows[i];

        w->in_flight += fmax(fmin(ended, w->to) - fmax(begun, w->from), 0) / (w->to - w->from);
    }
    window = &series->windows[series->count - 1];
    if (sample->outcome == OUTCOME_OK && ended <= window->to) {
        window = window_at(series, ended);
        window->achieved += 1 / (window->to - window->from);
    }
}

struct due { /* a usable answer */
    double due, took;
};

static int by_due(const void *a, const void *b)
{
    double x = ((const struct due *)a)->due, y = ((const struct due *)b)->due;

    return (x > y) - (x < y);
}

/* The latencies of a stretch of answers, ascending. */
static struct sample_view stretch(const struct due *answers, size_t count, double *room)
{
    for (size_t i = 0; i < count; i++) {
        room[i] = answers[i].took;
    }
    values_sort(room, count);
    return (struct sample_view){ room, count };
}

static void take_medians(struct series *series, const struct due *answers, double *room)
{
    size_t at = 0;

    for (int i = 0; i < series->count; i++) {
        struct window *window = &series->windows[i];
        struct sample_view view = stretch(answers + at, window->usable, room);

        window->p50 = view.count >= MEDIAN_LEAST ? percentile_of(room, view.count, 0.5) : NAN;
        window->p95 = view.count >= P95_LEAST ? percentile_of(room, view.count, 0.95) : NAN;
        window->asked = (double)window->due / (window->to - window->from);
        at += window->usable;
    }
}

static void take_drift(const struct plan *plan, struct series *series, const struct due *answers,
                       size_t count, double *room)
{
    struct sample_view early = stretch(answers, count / 2, room);
    struct sample_view late = stretch(answers + count / 2, count - count / 2, room + count / 2);

    series->halves[0] = early.count;
    series->halves[1] = late.count;
    series->drift = compare_percentile(early, late, 0.5, 0.95, plan->target_count, plan->seed + 1);
}

void series_make(const struct plan *plan, const struct standing *standing,
                 const struct samples *samples, int target, struct series *out)
{
    struct due *answers = calloc(samples->count + 1, sizeof *answers);
    double *room = calloc(samples->count + 1, sizeof *room);
    size_t count = 0;

    if (!answers || !room) {
        abort();
    }
    *out = (struct series){ .limited_from = NAN };
    lay_windows(plan, standing, samples, out);
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *sample = &samples->rows[i];

        if (sample->turn.target != target || sample->warm_up) {
            continue;
        }
        add_sample(out, sample);
        if (sample->outcome == OUTCOME_OK) {
            answers[count++] =
                (struct due){ seconds(sample->due_us), seconds(sample_usable_us(sample)) };
        }
    }
    qsort(answers, count, sizeof *answers, by_due);
    take_medians(out, answers, room);
    if (out->count > 0) {
        take_drift(plan, out, answers, count, room);
    }
    free(answers);
    free(room);
}

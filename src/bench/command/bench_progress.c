/* bench_progress.c - shows how far a run is: requests, cost, and the time left. */
#include <string.h>

#include "base/clock.h"
#include "bench/command/bench_state.h"
#include "term/duration.h"

const char bench_decided[] = "the comparison is decided";

/* Returns the number of measured requests of the run; 0 if only its duration is planned. */
static int planned_requests(const struct bench *bench)
{
    const struct load_plan *plan = bench->plan;

    return plan->requests * plan->target_count;
}

/* Writes ", 2 to 3 min left"; nothing if that cannot be estimated. */
static void write_time_left(struct bench *bench, const struct run_progress *progress, char *out,
                            size_t size)
{
    const struct load_plan *plan = bench->plan;
    double min, max;
    char words[60];

    out[0] = '\0';
    if (plan->duration_us > 0 && progress->first_us >= 0) {
        min = max = (double)(plan->duration_us - (progress->now_us - progress->first_us)) / 1e6;
    } else if (planned_requests(bench) == 0 ||
               !eta_remaining(&bench->eta, planned_requests(bench) - progress->done, 0, &min,
                              &max)) {
        return;
    }
    if (max > 0) {
        duration_text(min > 0 ? min : 0, max, words, sizeof words);
        snprintf(out, size, ", %s left", words);
    }
}

static void write_state(struct bench *bench, const struct run_progress *progress, bool last)
{
    int planned = planned_requests(bench);
    char of[24] = "", left[80] = "", most[40] = "", waiting[40] = "";

    if (planned > 0 && !last) {
        snprintf(of, sizeof of, " of %d", planned);
    }
    if (bench->plan->cost_limit >= 0 && !last) {
        snprintf(most, sizeof most, " of %.2f", (double)bench->plan->cost_limit / 1e6);
    }
    if (progress->waiting > 0 && progress->in_flight == 0) {
        snprintf(waiting, sizeof waiting, ", %d to evaluate", progress->waiting);
    } else if (!last) {
        write_time_left(bench, progress, left, sizeof left);
    }
    snprintf(bench->state, sizeof bench->state,
             "%d%s done, %d usable, %d in flight, %.4f%s USD%s%s", progress->done, of,
             progress->usable, progress->in_flight, (double)progress->spent / 1e6, most, waiting,
             left);
}

static void draw(struct bench *bench, const struct run_progress *progress, bool last)
{
    struct term_progress_row row = { .name = "bench",
                                     .state = bench->state,
                                     .began_us = bench->began_us };

    write_state(bench, progress, last);
    if (last) {
        row.ended_us = clock_mono_us();
        term_progress_end(bench->term, &row, 1);
        bench->term = NULL;
    } else {
        term_progress_update(bench->term, &row, 1);
    }
}

void bench_progress_begin(struct bench *bench)
{
    bench->eta = (struct eta){ .count = 0 };
    bench->term = term_progress_begin(stderr, stderr);
    bench->began_us = clock_mono_us();
}

void bench_progress_show(const struct run_progress *progress, void *context)
{
    struct bench *bench = context;
    int64_t now = clock_mono_us(), every = term_is_live(stderr) ? 100000 : 10000000;

    eta_add_sample(&bench->eta, now, progress->done);
    if (bench->until_decided &&
        until_decided_update(bench->until_decided, runner_samples(bench->runner))) {
        runner_stop(bench->runner, bench_decided);
    }
    if (bench->term && now - bench->printed_us >= every) {
        bench->printed_us = now;
        draw(bench, progress, false);
    }
}

void bench_progress_end(struct bench *bench)
{
    draw(bench, runner_progress(bench->runner), true);
}

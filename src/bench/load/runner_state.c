/* runner_state.c - the clock, the end and the samples of a run. */
#include "bench/load/runner_state.h"

int64_t runner_now(const struct runner *runner)
{
    return runner->run_clock.now_us(runner->run_clock.context) - runner->began_us;
}

void runner_stop_issuing(struct runner *runner, int64_t at_us)
{
    if (runner->progress.stopped_us < 0) {
        runner->progress.stopped_us = at_us;
    }
}

void runner_end_early(struct runner *runner, const char *why)
{
    runner_stop_issuing(runner, runner_now(runner));
    if (!runner->progress.stopped_why) {
        runner->progress.stopped_why = why;
    }
}

void runner_add_sample(struct runner *runner, struct sample *sample)
{
    struct run_progress *progress = &runner->progress;

    samples_add(&runner->samples, sample);
    progress->spent = runner->budget.spent;
    progress->reserved = runner->budget.reserved;
    progress->spent_unknown = runner->budget.unknown;
    if (!sample->warm_up) {
        progress->done++;
        progress->usable += sample->outcome == OUTCOME_OK;
    }
    if (sample->outcome == OUTCOME_QUOTA) {
        runner_end_early(runner, "the account has exceeded its quota");
    } else if (sample->outcome == OUTCOME_AUTH) {
        runner_end_early(runner, "the provider refused the key");
    }
    progress->now_us = runner_now(runner);
    progress->waiting = backlog_count(runner->backlog);
    if (runner->on_progress) {
        runner->on_progress(progress, runner->context);
    }
}

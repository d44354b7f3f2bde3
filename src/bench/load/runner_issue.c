/* runner_issue.c - takes requests from the schedule, checks budget and limits, and sends them. */
#include "bench/load/runner_issue.h"

#include <stdio.h>

#include "bench/load/store_images.h"

/* RECHECK_US: a closed loop checks at least this often whether its duration has ended. BURST: so
 * many requests are started at most before the loop sends them. */
enum { RECHECK_US = 50000, BURST = 16 };

static bool is_full(const struct runner *runner)
{
    int waiting_max = runner->plan->waiting_max;

    return backlog_is_full(runner->backlog) || runner->uploads >= UPLOADS_MAX ||
           (waiting_max > 0 && backlog_count(runner->backlog) >= waiting_max);
}

bool runner_has_more(struct runner *runner)
{
    const struct load_plan *plan = runner->plan;
    const struct run_progress *progress = &runner->progress;
    int64_t next_us = plan->concurrency > 0 ? runner_now(runner) : runner->next_due_us;
    int all = (plan->warm_up + plan->requests) * plan->target_count;

    if (progress->stopped_us >= 0) {
        return false;
    }
    if (plan->duration_us > 0 && progress->first_us >= 0 &&
        next_us - progress->first_us >= plan->duration_us) {
        runner_stop_issuing(runner, progress->first_us + plan->duration_us);
        return false;
    }
    if (plan->requests > 0 && runner->entries_taken >= all) {
        runner_stop_issuing(runner, next_us);
        return false;
    }
    return true;
}

static void start(struct runner *runner, struct bench_request *request)
{
    struct run_progress *progress = &runner->progress;

    request->runner = runner;
    list_append(&runner->requests, &request->node);
    request->evaluation.thumbnail = request->sample.entry.block < runner->plan->thumbnails;
    request->in_flight = true;
    budget_reserve(&runner->budget, request->target);
    progress->in_flight++;
    if (progress->in_flight > progress->in_flight_peak) {
        progress->in_flight_peak = progress->in_flight;
    }
    request->sample.started_us = runner_now(runner);
    runner->performer->begin(runner->performer, &request->op, runner->on_response, request);
}

/* Records a request that was due and is not sent. */
static void add_unsent(struct runner *runner, struct schedule_entry entry, int64_t due_us,
                       enum outcome outcome, const char *why)
{
    struct sample sample =
        sample_of(runner->entries_taken - 1, entry, entry.block < runner->plan->warm_up);

    sample.outcome = outcome;
    sample.due_us = sample.started_us = sample.ended_us = due_us;
    snprintf(sample.error, sizeof sample.error, "%.199s", why);
    runner_add_sample(runner, &sample);
}

/* Takes the next entry of the schedule and sends it, or records why it is not sent. */
static void issue(struct runner *runner, int64_t due_us, int64_t slot_idle_us)
{
    const struct load_plan *plan = runner->plan;
    struct schedule_entry entry = schedule_next(&runner->schedule);
    struct bench_request *request;
    struct error err;

    if (!budget_affords(&runner->budget, &plan->targets[entry.target])) {
        runner_end_early(runner, "the next request could exceed --max-cost");
        return;
    }
    runner->entries_taken++;
    if (entry.block >= plan->warm_up) {
        if (runner->progress.first_us < 0) {
            runner->progress.first_us = due_us;
        }
        runner->progress.issued++;
    }
    if (plan->concurrency == 0 && runner->progress.in_flight >= plan->in_flight_max) {
        add_unsent(runner, entry, due_us, OUTCOME_SHED,
                   "too many requests in flight (--in-flight)");
        return;
    }
    if (plan->concurrency == 0 && is_full(runner)) {
        add_unsent(runner, entry, due_us, OUTCOME_SHED,
                   "responses waiting for evaluation or upload fill the memory");
        return;
    }
    request = bench_request_new(plan, entry, runner->entries_taken - 1, &err);
    if (!request) {
        add_unsent(runner, entry, due_us, OUTCOME_BAD_REQUEST, err.text);
        runner_end_early(runner, "a request cannot be created");
        return;
    }
    request->sample.due_us = due_us;
    request->sample.slot_idle_us = slot_idle_us;
    start(runner, request);
}

/* While responses fill the memory or reach waiting_max, the slots of a closed loop stay free. That
 * time is reported as paused_us and counts as no request's latency or slot idle time. */
static bool is_paused(struct runner *runner)
{
    int64_t now = runner_now(runner);

    if (is_full(runner)) {
        runner->paused_since_us = runner->paused_since_us < 0 ? now : runner->paused_since_us;
        return true;
    }
    if (runner->paused_since_us >= 0) {
        runner->progress.paused_us += now - runner->paused_since_us;
        runner->paused_since_us = -1;
        for (int i = 0; i < runner->free_slots; i++) {
            runner->slot_free_us[i] = now;
        }
    }
    return false;
}

/* In a closed loop a request is due when it is started: the time its slot was free before is caused
 * by this client and is not latency. */
static int64_t fill_slots(struct runner *runner)
{
    int started = 0;

    while (runner->free_slots > 0 && started < BURST && !is_paused(runner) &&
           runner_has_more(runner)) {
        int64_t now_us = runner_now(runner);

        issue(runner, now_us, now_us - runner->slot_free_us[--runner->free_slots]);
        started++;
    }
    return runner_now(runner) + (started < BURST ? RECHECK_US : 0);
}

int64_t runner_issue(struct runner *runner)
{
    if (runner->plan->concurrency > 0) {
        return fill_slots(runner);
    }
    while (runner_has_more(runner) && runner->next_due_us <= runner_now(runner)) {
        int64_t due_us = runner->next_due_us;

        runner->next_due_us = schedule_due(&runner->schedule);
        issue(runner, due_us, 0);
    }
    return runner_has_more(runner) ? runner->next_due_us : runner_now(runner) + RECHECK_US;
}

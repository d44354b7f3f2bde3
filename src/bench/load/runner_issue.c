/* runner_issue.c - requests begin: as places fall free, or as they fall due. */
#include <stdio.h>

#include "bench/load/runner_internal.h"
#include "bench/load/store_images.h"

enum { LOOK_US = 50000, BURST = 16 }; /* BURST: all of it is sent a turn of the loop later */

static bool is_full(const struct runner *runner)
{
    return backlog_is_full(runner->backlog) || runner->storing >= STORING_MOST;
}

void runner_stop_issuing(struct runner *runner, int64_t at_us)
{
    if (runner->standing.stopped_us < 0) {
        runner->standing.stopped_us = at_us;
    }
}

bool runner_has_more(struct runner *runner)
{
    const struct plan *plan = runner->plan;
    const struct standing *standing = &runner->standing;
    int64_t next_us = plan->concurrency > 0 ? runner_now(runner) : runner->next_due_us;
    int all = (plan->warm_up + plan->requests) * plan->target_count;

    if (standing->stopped_us >= 0) {
        return false;
    }
    if (plan->duration_us > 0 && standing->first_us >= 0 &&
        next_us - standing->first_us >= plan->duration_us) {
        runner_stop_issuing(runner, standing->first_us + plan->duration_us);
        return false;
    }
    if (plan->requests > 0 && runner->turns >= all) {
        runner_stop_issuing(runner, next_us);
        return false;
    }
    return true;
}

static void launch(struct runner *runner, struct request *request)
{
    struct standing *standing = &runner->standing;

    request->runner = runner;
    request->next = runner->requests;
    if (request->next) {
        request->next->previous = request;
    }
    runner->requests = request;
    request->judging.thumbnail = request->sample.turn.block < runner->plan->thumbnails;
    request->flying = true;
    budget_reserve(&runner->budget, request->target);
    standing->in_flight++;
    if (standing->in_flight > standing->in_flight_peak) {
        standing->in_flight_peak = standing->in_flight;
    }
    request->sample.begun_us = runner_now(runner);
    runner->performer->begin(runner->performer, &request->op, runner_answered, request);
}

/* What was due and is not sent. */
static void note_unsent(struct runner *runner, struct turn turn, int64_t due_us,
                        enum outcome outcome, const char *why)
{
    struct sample sample = sample_of(runner->turns - 1, turn, turn.block < runner->plan->warm_up);

    sample.outcome = outcome;
    sample.due_us = sample.begun_us = sample.ended_us = due_us;
    snprintf(sample.error, sizeof sample.error, "%.199s", why);
    runner_keep(runner, &sample);
}

/* Takes the next turn: sends it, or says why not. */
static void issue(struct runner *runner, int64_t due_us, int64_t empty_us)
{
    const struct plan *plan = runner->plan;
    struct turn turn = schedule_next(&runner->schedule);
    struct request *request;
    struct error err;

    if (!budget_affords(&runner->budget, &plan->targets[turn.target])) {
        runner_stop(runner, "the next request could pass --max-cost");
        return;
    }
    runner->turns++;
    if (turn.block >= plan->warm_up) {
        if (runner->standing.first_us < 0) {
            runner->standing.first_us = due_us;
        }
        runner->standing.issued++;
    }
    if (plan->concurrency == 0 && runner->standing.in_flight >= plan->in_flight_most) {
        note_unsent(runner, turn, due_us, OUTCOME_SHED, "too many were in flight (--in-flight)");
        return;
    }
    if (plan->concurrency == 0 && is_full(runner)) {
        note_unsent(runner, turn, due_us, OUTCOME_SHED,
                    "answers to be judged or stored fill the memory");
        return;
    }
    request = request_new(plan, turn, runner->turns - 1, &err);
    if (!request) {
        note_unsent(runner, turn, due_us, OUTCOME_BAD_REQUEST, err.text);
        runner_stop(runner, "a request cannot be put together");
        return;
    }
    request->sample.due_us = due_us;
    request->sample.empty_us = empty_us;
    launch(runner, request);
}

/* The places of a closed loop stand idle while answers fill the memory; that time is nobody's
 * latency. */
static bool is_held(struct runner *runner)
{
    int64_t now = runner_now(runner);

    if (is_full(runner)) {
        runner->held_since_us = runner->held_since_us < 0 ? now : runner->held_since_us;
        return true;
    }
    if (runner->held_since_us >= 0) {
        runner->standing.held_us += now - runner->held_since_us;
        runner->held_since_us = -1;
        for (int i = 0; i < runner->free_count; i++) {
            runner->free_us[i] = now;
        }
    }
    return false;
}

/* A request is due when it begins: that its place stood empty before is our doing, and in no
 * latency. */
static int64_t fill_places(struct runner *runner)
{
    int begun = 0;

    while (runner->free_count > 0 && begun < BURST && !is_held(runner) && runner_has_more(runner)) {
        int64_t now_us = runner_now(runner);

        issue(runner, now_us, now_us - runner->free_us[--runner->free_count]);
        begun++;
    }
    return runner_now(runner) + (begun < BURST ? LOOK_US : 0); /* a duration may end meanwhile */
}

int64_t runner_issue(struct runner *runner)
{
    if (runner->plan->concurrency > 0) {
        return fill_places(runner);
    }
    while (runner_has_more(runner) && runner->next_due_us <= runner_now(runner)) {
        int64_t due_us = runner->next_due_us;

        runner->next_due_us = schedule_due(&runner->schedule);
        issue(runner, due_us, 0);
    }
    return runner_has_more(runner) ? runner->next_due_us : runner_now(runner) + LOOK_US;
}

/* runner.c - the loop of a run: issue, take, judge, until all is in. */
#include "bench/runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "bench/request.h"

struct runner {
    struct loop *loop;
    struct performer *performer;
    const struct plan *plan;
    runner_watch_fn watch;
    void *context;
    struct schedule schedule;
    struct samples samples;
    struct standing standing;
    struct request *requests; /* in flight or being judged */
    int judging;
    int turns; /* taken from the schedule */
    int64_t began_us, cpu_before_us;
    int64_t next_due_us;
    int64_t free_us[4096]; /* closed loop: when each idle place fell free */
    int free_count;
    int64_t reserved; /* microdollars of what is in flight */
};

static int64_t now_of(const struct runner *runner)
{
    return clock_mono_us() - runner->began_us;
}

static int64_t cpu_us(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (int64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
           usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static int64_t issue_what_is_due(struct runner *runner);

/* -- what ends ------------------------------------------------------------------------------- */

static void forget(struct request *request)
{
    struct runner *runner = request->runner;

    if (request->previous) {
        request->previous->next = request->next;
    } else {
        runner->requests = request->next;
    }
    if (request->next) {
        request->next->previous = request->previous;
    }
    request_free(request);
}

static void keep(struct runner *runner, struct sample *sample)
{
    struct standing *standing = &runner->standing;

    samples_add(&runner->samples, sample);
    if (sample->cost_microusd > 0) {
        standing->spent += sample->cost_microusd;
    }
    standing->spent_unknown |= sample->status == 200 && sample->cost_microusd < 0;
    if (!sample->warm_up) {
        standing->done++;
        standing->good += sample->outcome == OUTCOME_OK;
    }
    if (sample->outcome == OUTCOME_QUOTA) {
        runner_stop(runner, "the account is over its quota");
    } else if (sample->outcome == OUTCOME_AUTH) {
        runner_stop(runner, "the key is refused");
    }
    standing->now_us = now_of(runner);
    if (runner->watch) {
        runner->watch(standing, runner->context);
    }
}

static void judged(struct op *op, void *context)
{
    struct request *request = context;
    struct runner *runner = request->runner;

    (void)op;
    runner->judging--;
    runner->reserved -= request->target->worst_microusd > 0 ? request->target->worst_microusd : 0;
    keep(runner, &request->sample);
    forget(request);
}

static void note_failure(struct sample *sample, const struct op *op, uint32_t timeout_ms)
{
    bool timed_out = sample->ended_us - sample->begun_us >= (int64_t)timeout_ms * 999;

    sample->outcome = outcome_of(&op->error, sample->status, timed_out);
    snprintf(sample->error, sizeof sample->error, "%.199s", op->error.text);
}

static void answered(struct op *op, void *context)
{
    struct request *request = context;
    struct runner *runner = request->runner;
    struct sample *sample = &request->sample;
    const struct http_got *got = &op->http_got;

    sample->ended_us = op->ended_us - runner->began_us;
    sample->times = got->times;
    sample->status = got->status;
    sample->http_version = got->http_version;
    sample->bytes = got->bytes;
    sample->partials = got->events_passed;
    sample->processing_ms = op->kind == OP_HTTP ? got->processing_ms : -1;
    memcpy(sample->request_id, got->request_id, sizeof got->request_id);
    request->flying = false;
    runner->standing.in_flight--;
    runner->standing.ended_us = sample->ended_us;
    if (runner->plan->concurrency > 0) {
        runner->free_us[runner->free_count++] = now_of(runner);
    }
    runner->judging++;
    if (op->error.kind != ERROR_NONE) {
        note_failure(sample, op, runner->plan->timeout_ms);
        judged(NULL, request);
    } else {
        request->side.kind = OP_WORK;
        request->side.work = (struct work_ask){ .run = judge, .arg = &request->judging };
        runner->performer->begin(runner->performer, &request->side, judged, request);
    }
    issue_what_is_due(runner); /* the place that fell free stands empty for no turn of the loop */
}

/* -- what begins ----------------------------------------------------------------------------- */

static bool affordable(struct runner *runner, const struct target *target)
{
    const struct plan *plan = runner->plan;

    return plan->cost_most < 0 ||
           runner->standing.spent + runner->reserved + target->worst_microusd <= plan->cost_most;
}

static void stop_issuing(struct runner *runner)
{
    if (runner->standing.stopped_us < 0) {
        runner->standing.stopped_us = now_of(runner);
    }
}

/* Is there another request to issue? */
static bool has_more(struct runner *runner)
{
    const struct plan *plan = runner->plan;
    const struct standing *standing = &runner->standing;
    int all = (plan->warm_up + plan->requests) * plan->target_count;

    if (standing->stopped_us >= 0) {
        return false;
    }
    if ((plan->requests > 0 && runner->turns >= all) ||
        (plan->duration_us > 0 && standing->first_us >= 0 &&
         now_of(runner) - standing->first_us >= plan->duration_us)) {
        stop_issuing(runner);
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
    runner->reserved += request->target->worst_microusd > 0 ? request->target->worst_microusd : 0;
    standing->in_flight++;
    if (standing->in_flight > standing->in_flight_peak) {
        standing->in_flight_peak = standing->in_flight;
    }
    request->sample.begun_us = now_of(runner);
    runner->performer->begin(runner->performer, &request->op, answered, request);
}

static void shed(struct runner *runner, struct turn turn, int64_t due_us)
{
    struct sample sample = { .sequence = runner->turns - 1,
                             .turn = turn,
                             .warm_up = turn.block < runner->plan->warm_up,
                             .outcome = OUTCOME_SHED,
                             .due_us = due_us,
                             .begun_us = due_us,
                             .ended_us = due_us,
                             .processing_ms = -1,
                             .cost_microusd = -1,
                             .same_as = -1,
                             .usage = { -1, -1, -1, -1, -1, -1 } };

    keep(runner, &sample);
}

/* Takes the next turn: sends it, or says why not. */
static void issue(struct runner *runner, int64_t due_us)
{
    const struct plan *plan = runner->plan;
    struct turn turn = schedule_next(&runner->schedule);
    struct request *request;
    struct error err;

    if (!affordable(runner, &plan->targets[turn.target])) {
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
        shed(runner, turn, due_us);
        return;
    }
    request = request_new(plan, turn, runner->turns - 1, &err);
    if (!request) {
        struct sample sample = { .sequence = runner->turns - 1,
                                 .turn = turn,
                                 .outcome = OUTCOME_BAD_REQUEST,
                                 .due_us = due_us,
                                 .begun_us = due_us,
                                 .ended_us = due_us };

        snprintf(sample.error, sizeof sample.error, "%.199s", err.text);
        keep(runner, &sample);
        runner_stop(runner, "a request cannot be put together");
        return;
    }
    request->sample.due_us = due_us;
    launch(runner, request);
}

/* Milliseconds until there is something to do; -1: until an answer comes. */
static int64_t issue_what_is_due(struct runner *runner)
{
    if (runner->plan->concurrency > 0) {
        while (runner->free_count > 0 && has_more(runner)) {
            issue(runner, runner->free_us[--runner->free_count]);
        }
        return 50; /* a duration may end meanwhile */
    }
    while (has_more(runner)) {
        int64_t wait = runner->next_due_us - now_of(runner);

        if (wait > 0) { /* the last millisecond is waited for awake: timers are no finer */
            return wait > 50000 ? 50 : wait / 1000;
        }
        issue(runner, runner->next_due_us);
        runner->next_due_us = schedule_due(&runner->schedule);
    }
    return 50;
}

/* -- the run ---------------------------------------------------------------------------------- */

struct runner *runner_new(struct loop *loop, struct performer *performer, const struct plan *plan,
                          runner_watch_fn watch, void *context)
{
    struct runner *runner = calloc(1, sizeof *runner);

    if (!runner) {
        abort();
    }
    runner->loop = loop;
    runner->performer = performer;
    runner->plan = plan;
    runner->watch = watch;
    runner->context = context;
    runner->standing.first_us = runner->standing.stopped_us = -1;
    schedule_begin(&runner->schedule, plan->target_count, plan->workload->prompt_count, plan->seed);
    return runner;
}

void runner_free(struct runner *runner)
{
    samples_free(&runner->samples);
    free(runner);
}

void runner_go(struct runner *runner)
{
    const struct plan *plan = runner->plan;
    struct standing *standing = &runner->standing;

    runner->began_us = clock_mono_us();
    runner->cpu_before_us = cpu_us();
    runner->free_count = plan->concurrency; /* all fall free at 0 */
    if (plan->concurrency == 0) {
        schedule_arrivals(&runner->schedule, plan->rate, plan->arrivals);
        runner->next_due_us = schedule_due(&runner->schedule);
    }
    while (has_more(runner) || runner->requests) {
        int64_t began = clock_mono_us(), wait = issue_what_is_due(runner);
        int64_t took = clock_mono_us() - began;

        if (took > standing->turn_longest_us) {
            standing->turn_longest_us = took;
        }
        if (has_more(runner) || runner->requests) {
            loop_wait(runner->loop, wait);
        }
    }
    standing->now_us = now_of(runner);
    standing->cpu_us = cpu_us() - runner->cpu_before_us;
}

void runner_stop(struct runner *runner, const char *why)
{
    stop_issuing(runner);
    if (!runner->standing.stopped_why) {
        runner->standing.stopped_why = why;
    }
}

void runner_cancel(struct runner *runner)
{
    for (struct request *request = runner->requests; request; request = request->next) {
        if (request->flying) {
            runner->performer->cancel(runner->performer, &request->op);
        }
    }
}

const struct standing *runner_standing(const struct runner *runner)
{
    return &runner->standing;
}

struct samples *runner_samples(struct runner *runner)
{
    return &runner->samples;
}

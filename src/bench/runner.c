/* runner.c - the loop of a run: issue, take, judge, until all is in. */
#include "bench/runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bench/backlog.h"
#include "bench/histogram.h"
#include "bench/purse.h"
#include "bench/request.h"

/* BURST: what begins at once is sent a turn of the loop later, all of it. */
enum { BEAT_MOST_US = 60 * 1000000, LOOK_US = 50000, REFUSAL_MOST = 16384, BURST = 16 };
static const struct backlog_limits limits_of_few = { .in_memory = (size_t)32 << 20,
                                                     .at_once = (size_t)384 << 20,
                                                     .full = (size_t)512 << 20 },
                                   limits_of_many = { .in_memory = (size_t)20 << 20,
                                                      .at_once = (size_t)28 << 20,
                                                      .full = (size_t)512 << 20 };

struct runner {
    struct pace pace;
    struct performer *performer;
    const struct plan *plan;
    runner_watch_fn watch;
    void *context;
    struct schedule schedule;
    struct samples samples;
    struct standing standing;
    struct request *requests; /* in flight or to be judged */
    struct backlog *backlog;
    struct histogram beats;
    int turns; /* taken from the schedule */
    int64_t began_us, thread_before_us;
    int64_t next_due_us;              /* open loop */
    int64_t free_us[CONCURRENCY_MAX]; /* closed loop: when each idle place fell free */
    int free_count;
    int64_t held_since_us; /* nothing is issued: the backlog is full; -1: it is not */
    struct purse purse;
};

static int64_t now_of(const struct runner *runner)
{
    return runner->pace.now_us(runner->pace.context) - runner->began_us;
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
    standing->spent = runner->purse.spent;
    standing->spent_unknown = runner->purse.unknown;
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
    standing->waiting = backlog_waiting(runner->backlog);
    if (runner->watch) {
        runner->watch(standing, runner->context);
    }
}

static void judged(struct request *request)
{
    struct runner *runner = request->runner;

    purse_settle(&runner->purse, request->target, &request->sample, request->op.http_got.sent);
    keep(runner, &request->sample);
    forget(request);
}

static void answered(struct op *op, void *context)
{
    struct request *request = context;
    struct runner *runner = request->runner;
    struct sample *sample = &request->sample;
    const struct http_got *got = &op->http_got;
    struct error ignored;

    request_note(request, runner->began_us);
    request->flying = false;
    runner->standing.in_flight--;
    if (runner->standing.ended_us < sample->ended_us) {
        runner->standing.ended_us = sample->ended_us;
    }
    runner->standing.loop_cpu_us = clock_thread_us() - runner->thread_before_us;
    if (runner->plan->concurrency > 0) {
        runner->free_us[runner->free_count++] = sample->ended_us;
    }
    if (op->error.kind != ERROR_NONE) {
        judged(request);
    } else if (op->kind == OP_HTTP && got->status != 200 && got->body.size <= REFUSAL_MOST) {
        judge(&request->judging, &ignored); /* a refused key stops the run: that cannot wait */
        judged(request);
    } else {
        backlog_add(runner->backlog, request);
    }
    issue_what_is_due(runner); /* the place that fell free stands empty for no turn of the loop */
}

/* -- what begins ----------------------------------------------------------------------------- */

static void stop_issuing(struct runner *runner, int64_t at_us)
{
    if (runner->standing.stopped_us < 0) {
        runner->standing.stopped_us = at_us;
    }
}

/* Is there another request to issue? In an open loop the clock does not decide that, but when the
 * next one is due: what was due before the end is issued, however late. */
static bool has_more(struct runner *runner)
{
    const struct plan *plan = runner->plan;
    const struct standing *standing = &runner->standing;
    int64_t next_us = plan->concurrency > 0 ? now_of(runner) : runner->next_due_us;
    int all = (plan->warm_up + plan->requests) * plan->target_count;

    if (standing->stopped_us >= 0) {
        return false;
    }
    if (plan->duration_us > 0 && standing->first_us >= 0 &&
        next_us - standing->first_us >= plan->duration_us) {
        stop_issuing(runner, standing->first_us + plan->duration_us);
        return false;
    }
    if (plan->requests > 0 && runner->turns >= all) {
        stop_issuing(runner, next_us);
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
    purse_reserve(&runner->purse, request->target);
    standing->in_flight++;
    if (standing->in_flight > standing->in_flight_peak) {
        standing->in_flight_peak = standing->in_flight;
    }
    request->sample.begun_us = now_of(runner);
    runner->performer->begin(runner->performer, &request->op, answered, request);
}

/* What was due and is not sent. */
static void note_unsent(struct runner *runner, struct turn turn, int64_t due_us,
                        enum outcome outcome, const char *why)
{
    struct sample sample = sample_of(runner->turns - 1, turn, turn.block < runner->plan->warm_up);

    sample.outcome = outcome;
    sample.due_us = sample.begun_us = sample.ended_us = due_us;
    snprintf(sample.error, sizeof sample.error, "%.199s", why);
    keep(runner, &sample);
}

/* Takes the next turn: sends it, or says why not. */
static void issue(struct runner *runner, int64_t due_us, int64_t empty_us)
{
    const struct plan *plan = runner->plan;
    struct turn turn = schedule_next(&runner->schedule);
    struct request *request;
    struct error err;

    if (!purse_affords(&runner->purse, &plan->targets[turn.target])) {
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
    if (plan->concurrency == 0 && backlog_is_full(runner->backlog)) {
        note_unsent(runner, turn, due_us, OUTCOME_SHED, "answers to be judged fill the memory");
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
    int64_t now = now_of(runner);

    if (backlog_is_full(runner->backlog)) {
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

    while (runner->free_count > 0 && begun < BURST && !is_held(runner) && has_more(runner)) {
        int64_t now_us = now_of(runner);

        issue(runner, now_us, now_us - runner->free_us[--runner->free_count]);
        begun++;
    }
    return now_of(runner) + (begun < BURST ? LOOK_US : 0); /* a duration may end meanwhile */
}

/* When there will be something to do, if no answer comes before. */
static int64_t issue_what_is_due(struct runner *runner)
{
    if (runner->plan->concurrency > 0) {
        return fill_places(runner);
    }
    while (has_more(runner) && runner->next_due_us <= now_of(runner)) {
        int64_t due_us = runner->next_due_us;

        runner->next_due_us = schedule_due(&runner->schedule);
        issue(runner, due_us, 0);
    }
    return has_more(runner) ? runner->next_due_us : now_of(runner) + LOOK_US;
}

/* -- the run ---------------------------------------------------------------------------------- */

struct runner *runner_new(const struct pace *pace, struct performer *performer,
                          const struct plan *plan, runner_watch_fn watch, void *context)
{
    struct runner *runner = calloc(1, sizeof *runner);
    struct error err;

    if (!runner || !histogram_new(3, BEAT_MOST_US, &runner->beats, &err)) {
        abort();
    }
    runner->pace = *pace;
    runner->performer = performer;
    runner->plan = plan;
    runner->watch = watch;
    runner->context = context;
    runner->held_since_us = -1;
    runner->purse.most = plan->cost_most;
    runner->backlog =
        backlog_new(pace, plan->concurrency > BENCH_FEW ? &limits_of_many : &limits_of_few, judged);
    runner->standing.first_us = runner->standing.stopped_us = -1;
    schedule_begin(&runner->schedule, plan->target_count, plan->workload->prompt_count, plan->seed);
    return runner;
}

void runner_free(struct runner *runner)
{
    backlog_free(runner->backlog);
    histogram_free(&runner->beats);
    samples_free(&runner->samples);
    free(runner);
}

static void finish(struct runner *runner, int64_t cpu_before_us, int64_t starved_before_us)
{
    struct standing *standing = &runner->standing;
    const struct histogram *beats = &runner->beats;

    standing->now_us = now_of(runner);
    standing->cpu_us = clock_process_us() - cpu_before_us;
    standing->put_aside = backlog_put_aside(runner->backlog);
    standing->starved_us = -1;
    if (starved_before_us >= 0) {
        standing->starved_us = lag_starved_us(runner->pace.lag) - starved_before_us;
    }
    standing->beats[0] = beats->total > 0 ? histogram_at(beats, 0.5) : -1;
    standing->beats[1] = beats->total > 0 ? histogram_at(beats, 0.99) : -1;
    standing->beats[2] = beats->total > 0 ? beats->most : -1;
}

void runner_go(struct runner *runner)
{
    const struct plan *plan = runner->plan;
    int64_t starved_us = runner->pace.lag ? lag_starved_us(runner->pace.lag) : -1;
    int64_t before_us = clock_process_us();

    runner->thread_before_us = clock_thread_us();
    runner->began_us = runner->pace.now_us(runner->pace.context);
    runner->free_count = plan->concurrency; /* all fall free at 0 */
    if (plan->concurrency == 0) {
        schedule_arrivals(&runner->schedule, plan->rate, plan->arrivals);
        runner->next_due_us = schedule_due(&runner->schedule);
    }
    while (has_more(runner) || runner->requests) {
        int64_t until_us = issue_what_is_due(runner);

        if ((runner->held_since_us >= 0 || !has_more(runner)) && runner->standing.in_flight == 0 &&
            backlog_help(runner->backlog)) {
            until_us = 0;
        }
        if (has_more(runner) || runner->requests) {
            runner->pace.wait_until(runner->pace.context, runner->began_us + until_us);
        }
    }
    finish(runner, before_us, starved_us);
}

void runner_stop(struct runner *runner, const char *why)
{
    stop_issuing(runner, now_of(runner));
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
    backlog_drop(runner->backlog);
}

void runner_beat(struct runner *runner, int64_t late_us)
{
    if (runner->standing.stopped_us < 0 || runner->standing.in_flight > 0) { /* under load */
        histogram_record(&runner->beats, late_us);
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

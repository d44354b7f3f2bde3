/* runner.c - the loop of a run: issue, take, judge, until all is in. */
#include "bench/load/runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bench/load/runner_internal.h"
#include "bench/load/store_images.h"

enum { BEAT_MOST_US = 60 * 1000000, REFUSAL_MOST = 16384 };
static const struct backlog_limits limits_of_few = { .in_memory = (size_t)32 << 20,
                                                     .at_once = (size_t)384 << 20,
                                                     .full = (size_t)512 << 20 },
                                   limits_of_many = { .in_memory = (size_t)20 << 20,
                                                      .at_once = (size_t)28 << 20,
                                                      .full = (size_t)512 << 20 };

int64_t runner_now(const struct runner *runner)
{
    return runner->pace.now_us(runner->pace.context) - runner->began_us;
}

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

void runner_keep(struct runner *runner, struct sample *sample)
{
    struct standing *standing = &runner->standing;

    samples_add(&runner->samples, sample);
    standing->spent = runner->budget.spent;
    standing->spent_unknown = runner->budget.unknown;
    if (!sample->warm_up) {
        standing->done++;
        standing->good += sample->outcome == OUTCOME_OK;
    }
    if (sample->outcome == OUTCOME_QUOTA) {
        runner_stop(runner, "the account is over its quota");
    } else if (sample->outcome == OUTCOME_AUTH) {
        runner_stop(runner, "the key is refused");
    }
    standing->now_us = runner_now(runner);
    standing->waiting = backlog_waiting(runner->backlog);
    if (runner->watch) {
        runner->watch(standing, runner->context);
    }
}

static void known(struct request *request)
{
    runner_keep(request->runner, &request->sample);
    forget(request);
}

static void stored(struct request *request)
{
    request->runner->storing--;
    known(request);
}

static void judged(struct request *request)
{
    struct runner *runner = request->runner;

    budget_settle(&runner->budget, request->target, &request->sample,
                  request->op.http_response.sent);
    if (request->judging.kept.data) {
        runner->storing++;
        storing_begin(runner->performer, runner->plan->depot, request, stored);
        return;
    }
    known(request);
}

void runner_answered(struct op *op, void *context)
{
    struct request *request = context;
    struct runner *runner = request->runner;
    struct sample *sample = &request->sample;
    const struct http_response *got = &op->http_response;
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
    runner_issue(runner); /* the place that fell free stands empty for no turn of the loop */
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
    runner->budget.most = plan->cost_most;
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

    standing->now_us = runner_now(runner);
    standing->cpu_us = clock_process_us() - cpu_before_us;
    standing->put_aside = backlog_put_aside(runner->backlog);
    standing->starved_us = -1;
    if (starved_before_us >= 0) {
        standing->starved_us = loop_lag_run_queue_us(runner->pace.lag) - starved_before_us;
    }
    standing->beats[0] = beats->total > 0 ? histogram_at(beats, 0.5) : -1;
    standing->beats[1] = beats->total > 0 ? histogram_at(beats, 0.99) : -1;
    standing->beats[2] = beats->total > 0 ? beats->most : -1;
}

void runner_go(struct runner *runner)
{
    const struct plan *plan = runner->plan;
    int64_t starved_us = runner->pace.lag ? loop_lag_run_queue_us(runner->pace.lag) : -1;
    int64_t before_us = clock_process_us();

    runner->thread_before_us = clock_thread_us();
    runner->began_us = runner->pace.now_us(runner->pace.context);
    runner->free_count = plan->concurrency; /* all fall free at 0 */
    if (plan->concurrency == 0) {
        schedule_arrivals(&runner->schedule, plan->rate, plan->arrivals);
        runner->next_due_us = schedule_due(&runner->schedule);
    }
    while (runner_has_more(runner) || runner->requests) {
        int64_t until_us = runner_issue(runner);

        if ((runner->held_since_us >= 0 || !runner_has_more(runner)) &&
            runner->standing.in_flight == 0 && backlog_help(runner->backlog)) {
            until_us = 0;
        }
        if (runner_has_more(runner) || runner->requests) {
            runner->pace.wait_until(runner->pace.context, runner->began_us + until_us);
        }
    }
    finish(runner, before_us, starved_us);
}

void runner_stop(struct runner *runner, const char *why)
{
    runner_stop_issuing(runner, runner_now(runner));
    if (!runner->standing.stopped_why) {
        runner->standing.stopped_why = why;
    }
}

void runner_cancel(struct runner *runner)
{
    for (struct request *request = runner->requests; request; request = request->next) {
        if (request->flying) {
            runner->performer->cancel(runner->performer, &request->op);
        } else if (request->storing) {
            runner->performer->cancel(runner->performer, &request->store_op);
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

/* runner.c - the main loop of a run: sends requests, takes responses, has them evaluated. */
#include "bench/load/runner.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "bench/load/runner_issue.h"
#include "bench/load/store_images.h"

enum { LAG_MAX_US = 60 * 1000000, REFUSAL_MAX_BYTES = 16384 };
static const struct backlog_limits small_limits = { .memory_bytes = (size_t)32 << 20,
                                                    .spill_now_bytes = (size_t)384 << 20,
                                                    .full_bytes = (size_t)512 << 20 },
                                   large_limits = { .memory_bytes = (size_t)20 << 20,
                                                    .spill_now_bytes = (size_t)28 << 20,
                                                    .full_bytes = (size_t)512 << 20 };

/* -- responses -------------------------------------------------------------------------------- */

static void remove_request(struct bench_request *request)
{
    list_remove(&request->node);
    bench_request_free(request);
}

static void complete_request(struct bench_request *request)
{
    runner_add_sample(request->runner, &request->sample);
    remove_request(request);
}

static void on_stored(struct bench_request *request)
{
    request->runner->uploads--;
    complete_request(request);
}

static void on_evaluated(struct bench_request *request)
{
    struct runner *runner = request->runner;

    budget_settle(&runner->budget, request->target, &request->sample,
                  request->op.http_response.request_sent);
    if (request->evaluation.image.data) {
        runner->uploads++;
        store_image_begin(runner->performer, runner->plan->upload_target, request, on_stored);
        return;
    }
    complete_request(request);
}

static void on_response(struct op *op, void *context)
{
    struct bench_request *request = context;
    struct runner *runner = request->runner;
    struct sample *sample = &request->sample;
    const struct http_response *got = &op->http_response;
    struct error ignored;

    bench_request_note(request, runner->began_us);
    request->in_flight = false;
    runner->progress.in_flight--;
    if (runner->progress.ended_us < sample->ended_us) {
        runner->progress.ended_us = sample->ended_us;
    }
    runner->progress.loop_cpu_us = clock_thread_cpu_us() - runner->thread_before_us;
    if (runner->plan->concurrency > 0) {
        runner->slot_free_us[runner->free_slots++] = sample->ended_us;
    }
    if (op->error.kind != ERROR_NONE) {
        on_evaluated(request);
    } else if (op->kind == OP_HTTP && got->status != 200 && got->body.size <= REFUSAL_MAX_BYTES) {
        /* Evaluated at once: a refused key must stop the run before more requests are sent. */
        evaluate_answer(&request->evaluation, &ignored);
        on_evaluated(request);
    } else {
        backlog_add(runner->backlog, request);
    }
    runner_issue(runner); /* refill the slot now, not in the loop's next iteration */
}

/* -- the run ---------------------------------------------------------------------------------- */

struct runner *runner_new(const struct run_clock *run_clock, struct performer *performer,
                          const struct load_plan *plan, runner_progress_fn on_progress,
                          void *context)
{
    struct runner *runner = xcalloc(1, sizeof *runner);
    struct error err;

    if (!histogram_new(3, LAG_MAX_US, &runner->loop_lag, &err)) {
        FATAL("%s", err.text);
    }
    list_init(&runner->requests);
    runner->run_clock = *run_clock;
    runner->performer = performer;
    runner->plan = plan;
    runner->on_progress = on_progress;
    runner->context = context;
    runner->on_response = on_response;
    runner->paused_since_us = -1;
    runner->budget.limit = plan->cost_limit;
    runner->backlog =
        backlog_new(run_clock,
                    plan->concurrency > BENCH_SMALL_CONCURRENCY ? &large_limits : &small_limits,
                    on_evaluated);
    runner->progress.first_us = runner->progress.stopped_us = -1;
    schedule_begin(&runner->schedule, plan->target_count, plan->workload->prompt_count, plan->seed);
    return runner;
}

void runner_free(struct runner *runner)
{
    backlog_free(runner->backlog);
    histogram_free(&runner->loop_lag);
    samples_free(&runner->samples);
    free(runner);
}

static void finish(struct runner *runner, int64_t cpu_before_us, int64_t run_queue_wait_before_us)
{
    struct run_progress *progress = &runner->progress;
    const struct histogram *lag = &runner->loop_lag;

    progress->now_us = runner_now(runner);
    progress->cpu_us = clock_process_cpu_us() - cpu_before_us;
    progress->spilled = backlog_spilled(runner->backlog);
    progress->run_queue_wait_us = -1;
    if (run_queue_wait_before_us >= 0) {
        progress->run_queue_wait_us =
            loop_lag_run_queue_us(runner->run_clock.lag) - run_queue_wait_before_us;
    }
    progress->loop_lag_us[0] = lag->total > 0 ? histogram_percentile(lag, 0.5) : -1;
    progress->loop_lag_us[1] = lag->total > 0 ? histogram_percentile(lag, 0.99) : -1;
    progress->loop_lag_us[2] = lag->total > 0 ? lag->max : -1;
}

/* Evaluates one response on the loop's own thread if no request is in flight or due, so that no
 * latency is disturbed. */
static bool evaluate_between_requests(struct runner *runner)
{
    return (runner->paused_since_us >= 0 || !runner_has_more(runner)) &&
           runner->progress.in_flight == 0 && backlog_evaluate_one(runner->backlog);
}

void runner_run(struct runner *runner)
{
    const struct load_plan *plan = runner->plan;
    int64_t run_queue_wait_us =
        runner->run_clock.lag ? loop_lag_run_queue_us(runner->run_clock.lag) : -1;
    int64_t cpu_before_us = clock_process_cpu_us();

    runner->thread_before_us = clock_thread_cpu_us();
    runner->began_us = runner->run_clock.now_us(runner->run_clock.context);
    runner->free_slots = plan->concurrency; /* all free since time 0 */
    if (plan->concurrency == 0) {
        schedule_arrivals(&runner->schedule, plan->rate, plan->arrivals);
        runner->next_due_us = schedule_due(&runner->schedule);
    }
    while (runner_has_more(runner) || !list_is_empty(&runner->requests)) {
        int64_t until_us = runner_issue(runner);

        if (evaluate_between_requests(runner)) {
            until_us = 0;
        }
        if (runner_has_more(runner) || !list_is_empty(&runner->requests)) {
            runner->run_clock.wait_until(runner->run_clock.context, runner->began_us + until_us);
        }
    }
    finish(runner, cpu_before_us, run_queue_wait_us);
}

void runner_stop(struct runner *runner, const char *why)
{
    runner_end_early(runner, why);
}

void runner_cancel(struct runner *runner)
{
    for (struct list_node *node = list_first(&runner->requests); node;
         node = list_next(&runner->requests, node)) {
        struct bench_request *request = LIST_ENTRY(node, struct bench_request, node);

        if (request->in_flight) {
            runner->performer->cancel(runner->performer, &request->op);
        } else if (request->uploading) {
            runner->performer->cancel(runner->performer, &request->store_op);
        }
    }
    backlog_drop(runner->backlog);
}

void runner_record_lag(struct runner *runner, int64_t late_us)
{
    if (runner->progress.stopped_us < 0 || runner->progress.in_flight > 0) { /* under load */
        histogram_record(&runner->loop_lag, late_us);
    }
}

const struct run_progress *runner_progress(const struct runner *runner)
{
    return &runner->progress;
}

struct samples *runner_samples(struct runner *runner)
{
    return &runner->samples;
}

/* backlog.c - two lines, in memory and on disk, and the work on their heads. */
#include "bench/load/backlog.h"

#include <stdio.h>
#include <stdlib.h>

#include "bench/load/bench_request.h"
#include "io/spill.h"

struct request_queue {
    struct bench_request *first, *last;
};

struct backlog {
    struct run_clock run_clock;
    struct backlog_limits limits;
    void (*evaluated)(struct bench_request *request);
    struct request_queue in_memory, on_disk; /* in memory; on disk */
    struct spill *spill;
    bool no_disk; /* it took no more */
    int waiting, working, evaluation;
    size_t bytes; /* of answers in memory, those at work among them */
    size_t spilled;
};

struct backlog *backlog_new(const struct run_clock *run_clock, const struct backlog_limits *limits,
                            void (*evaluated)(struct bench_request *request))
{
    struct backlog *backlog = calloc(1, sizeof *backlog);

    if (!backlog) {
        abort();
    }
    *backlog =
        (struct backlog){ .run_clock = *run_clock, .limits = *limits, .evaluated = evaluated };
    return backlog;
}

void backlog_free(struct backlog *backlog)
{
    spill_free(backlog->spill);
    free(backlog);
}

static void push(struct request_queue *line, struct bench_request *request)
{
    request->next_in_queue = NULL;
    if (line->last) {
        line->last->next_in_queue = request;
    } else {
        line->first = request;
    }
    line->last = request;
}

static struct bench_request *pop(struct request_queue *line)
{
    struct bench_request *first = line->first;

    if (first) {
        line->first = first->next_in_queue;
        line->last = line->first ? line->last : NULL;
    }
    return first;
}

/* -- work -------------------------------------------------------------------------------------- */

static bool run_evaluation(void *arg, struct error *err)
{
    struct bench_request *request = arg;

    if (request->spill &&
        !spill_read(request->spill, request->spill_slot, &request->op.http_response.body, err)) {
        request->sample.outcome = OUTCOME_ABORTED;
        snprintf(request->sample.error, sizeof request->sample.error, "%.199s", err->text);
        return false;
    }
    return evaluate_answer(&request->evaluation, err);
}

static bool run_spill(void *arg, struct error *err)
{
    struct bench_request *request = arg;

    return spill_write(request->spill, &request->op.http_response.body, request->spill_slot, err);
}

static void start_work(struct backlog *backlog);

static void evaluation_done(void *context, const struct error *err)
{
    struct bench_request *request = context;
    struct backlog *backlog = request->backlog;

    (void)err;
    backlog->working--;
    backlog->evaluation--;
    backlog->bytes -= request->body_bytes;
    if (request->spill) {
        spill_release(request->spill, request->spill_slot);
    }
    backlog->evaluated(request);
    start_work(backlog);
}

static void spill_done(void *context, const struct error *err)
{
    struct bench_request *request = context;
    struct backlog *backlog = request->backlog;

    backlog->working--;
    backlog->waiting++;
    if (err->kind == ERROR_NONE) {
        backlog->bytes -= request->body_bytes;
        backlog->spilled++;
        push(&backlog->on_disk, request);
    } else {
        backlog->no_disk = true;
        spill_release(request->spill, request->spill_slot);
        request->spill = NULL;
        push(&backlog->in_memory, request);
    }
    start_work(backlog);
}

static struct bench_request *next_request(struct backlog *backlog)
{
    struct bench_request *request = pop(&backlog->in_memory);

    if (!request && (request = pop(&backlog->on_disk))) {
        backlog->bytes += request->body_bytes;
    }
    backlog->waiting -= request != NULL;
    return request;
}

static bool must_spill(struct backlog *backlog)
{
    struct error ignored;

    if (backlog->bytes <= backlog->limits.memory_bytes || !backlog->in_memory.first ||
        backlog->no_disk) {
        return false;
    }
    if (!backlog->spill) {
        backlog->spill = spill_new(&ignored);
        backlog->no_disk = backlog->spill == NULL;
    }
    return backlog->spill != NULL;
}

static void begin_work(struct backlog *backlog, bool on_disk)
{
    struct bench_request *request = next_request(backlog);
    struct work_request ask = { .run = on_disk ? run_spill : run_evaluation, .arg = request };

    if (on_disk) {
        request->spill = backlog->spill;
        request->spill_slot = spill_reserve(backlog->spill, request->body_bytes);
    }
    backlog->working++;
    backlog->evaluation += !on_disk;
    backlog->run_clock.work(backlog->run_clock.context, &ask,
                            on_disk ? spill_done : evaluation_done, request);
}

/* One place is kept for putting on_disk, which is quick: memory never waits for a judge. */
static void start_work(struct backlog *backlog)
{
    int max_parallel = backlog->run_clock.max_parallel,
        judges = max_parallel > 1 ? max_parallel - 1 : 1;

    while (backlog->working < max_parallel && backlog->waiting > 0) {
        bool on_disk = must_spill(backlog);

        if (!on_disk && backlog->evaluation >= judges) {
            return;
        }
        begin_work(backlog, on_disk);
    }
}

/* By the loop's own thread: it is late by a millisecond, and memory stays within its bound. */
static void spill_now(struct backlog *backlog)
{
    struct bench_request *request = next_request(backlog);
    struct error err = { .kind = ERROR_NONE };

    request->spill = backlog->spill;
    request->spill_slot = spill_reserve(backlog->spill, request->body_bytes);
    backlog->working++;
    (void)!run_spill(request, &err);
    spill_done(request, &err);
}

/* -- the public side --------------------------------------------------------------------------- */

void backlog_add(struct backlog *backlog, struct bench_request *request)
{
    request->backlog = backlog;
    request->body_bytes = request->op.http_response.body.size;
    backlog->bytes += request->body_bytes;
    backlog->waiting++;
    push(&backlog->in_memory, request);
    start_work(backlog);
    while (backlog->bytes > backlog->limits.spill_now_bytes && must_spill(backlog)) {
        spill_now(backlog);
    }
}

bool backlog_is_full(const struct backlog *backlog)
{
    return backlog->bytes >= backlog->limits.full_bytes;
}

int backlog_count(const struct backlog *backlog)
{
    return backlog->waiting + backlog->working;
}

size_t backlog_spilled(const struct backlog *backlog)
{
    return backlog->spilled;
}

bool backlog_evaluate_one(struct backlog *backlog)
{
    struct bench_request *request = next_request(backlog);
    struct error ignored = { .kind = ERROR_NONE };

    if (!request) {
        return false;
    }
    backlog->working++;
    backlog->evaluation++;
    run_evaluation(request, &ignored);
    evaluation_done(request, &ignored);
    return true;
}

void backlog_drop(struct backlog *backlog)
{
    struct bench_request *request;

    while ((request = next_request(backlog)) != NULL) {
        request->sample.outcome = OUTCOME_ABORTED;
        snprintf(request->sample.error, sizeof request->sample.error,
                 "stopped before the answer was looked at");
        backlog->bytes -= request->body_bytes;
        backlog->evaluated(request);
    }
}

/* backlog.c - two queues of requests, with bodies in memory and on disk, and the work on them. */
#include "bench/load/backlog.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "bench/load/bench_request.h"
#include "io/spill.h"

struct backlog {
    struct run_clock run_clock;
    struct backlog_limits limits;
    void (*evaluated)(struct bench_request *request);
    struct list in_memory, on_disk; /* of requests, by where the body is */
    struct spill *spill;
    bool disk_failed;                 /* keep bodies in memory */
    int waiting, working, evaluating; /* working: evaluating or moving to disk */
    size_t bytes;                     /* of bodies in memory, including those being worked on */
    size_t spilled;
};

struct backlog *backlog_new(const struct run_clock *run_clock, const struct backlog_limits *limits,
                            void (*evaluated)(struct bench_request *request))
{
    struct backlog *backlog = xcalloc(1, sizeof *backlog);

    *backlog =
        (struct backlog){ .run_clock = *run_clock, .limits = *limits, .evaluated = evaluated };
    list_init(&backlog->in_memory);
    list_init(&backlog->on_disk);
    return backlog;
}

void backlog_free(struct backlog *backlog)
{
    spill_free(backlog->spill);
    free(backlog);
}

static struct bench_request *pop(struct list *queue)
{
    struct list_node *node = list_pop(queue);

    return node ? LIST_ENTRY(node, struct bench_request, queue_node) : NULL;
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
    backlog->evaluating--;
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
        list_append(&backlog->on_disk, &request->queue_node);
    } else {
        backlog->disk_failed = true;
        spill_release(request->spill, request->spill_slot);
        request->spill = NULL;
        list_append(&backlog->in_memory, &request->queue_node);
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

    if (backlog->bytes <= backlog->limits.memory_bytes || list_is_empty(&backlog->in_memory) ||
        backlog->disk_failed) {
        return false;
    }
    if (!backlog->spill) {
        backlog->spill = spill_new(&ignored);
        backlog->disk_failed = backlog->spill == NULL;
    }
    return backlog->spill != NULL;
}

static void begin_work(struct backlog *backlog, bool spill)
{
    struct bench_request *request = next_request(backlog);
    struct work_request task = { .run = spill ? run_spill : run_evaluation, .arg = request };

    if (spill) {
        request->spill = backlog->spill;
        request->spill_slot = spill_reserve(backlog->spill, request->body_bytes);
    }
    backlog->working++;
    backlog->evaluating += !spill;
    backlog->run_clock.work(backlog->run_clock.context, &task, spill ? spill_done : evaluation_done,
                            request);
}

/* Keeps one thread free for moving bodies to disk, which is quick, so that memory is freed even
 * while evaluation is slow. */
static void start_work(struct backlog *backlog)
{
    int max_parallel = backlog->run_clock.max_parallel;
    int evaluators = max_parallel > 1 ? max_parallel - 1 : 1;

    while (backlog->working < max_parallel && backlog->waiting > 0) {
        bool spill = must_spill(backlog);

        if (!spill && backlog->evaluating >= evaluators) {
            return;
        }
        begin_work(backlog, spill);
    }
}

/* Moves a body to disk on the loop's own thread. The loop is about a millisecond late, but memory
 * stays within its limit. */
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

/* -- public --------------------------------------------------------------------------- */

void backlog_add(struct backlog *backlog, struct bench_request *request)
{
    request->backlog = backlog;
    request->body_bytes = request->op.http_response.body.size;
    backlog->bytes += request->body_bytes;
    backlog->waiting++;
    list_append(&backlog->in_memory, &request->queue_node);
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
    backlog->evaluating++;
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
                 "stopped before the response was evaluated");
        backlog->bytes -= request->body_bytes;
        backlog->evaluated(request);
    }
}

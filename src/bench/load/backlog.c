/* backlog.c - two lines, in memory and on disk, and the work on their heads. */
#include "bench/load/backlog.h"

#include <stdio.h>
#include <stdlib.h>

#include "bench/load/request.h"
#include "io/spill.h"

struct line {
    struct request *first, *last;
};

struct backlog {
    struct pace pace;
    struct backlog_limits limits;
    void (*judged)(struct request *request);
    struct line held, aside; /* in memory; on disk */
    struct spill *spill;
    bool no_disk; /* it took no more */
    int waiting, at_work, judging;
    size_t bytes; /* of answers in memory, those at work among them */
    size_t put_aside;
};

struct backlog *backlog_new(const struct pace *pace, const struct backlog_limits *limits,
                            void (*judged)(struct request *request))
{
    struct backlog *backlog = calloc(1, sizeof *backlog);

    if (!backlog) {
        abort();
    }
    *backlog = (struct backlog){ .pace = *pace, .limits = *limits, .judged = judged };
    return backlog;
}

void backlog_free(struct backlog *backlog)
{
    spill_free(backlog->spill);
    free(backlog);
}

static void push(struct line *line, struct request *request)
{
    request->behind = NULL;
    if (line->last) {
        line->last->behind = request;
    } else {
        line->first = request;
    }
    line->last = request;
}

static struct request *pop(struct line *line)
{
    struct request *first = line->first;

    if (first) {
        line->first = first->behind;
        line->last = line->first ? line->last : NULL;
    }
    return first;
}

/* -- work -------------------------------------------------------------------------------------- */

static bool run_judge(void *arg, struct error *err)
{
    struct request *request = arg;

    if (request->spill &&
        !spill_take(request->spill, request->place, &request->op.http_response.body, err)) {
        request->sample.outcome = OUTCOME_ABORTED;
        snprintf(request->sample.error, sizeof request->sample.error, "%.199s", err->text);
        return false;
    }
    return judge(&request->judging, err);
}

static bool run_put_aside(void *arg, struct error *err)
{
    struct request *request = arg;

    return spill_put(request->spill, &request->op.http_response.body, request->place, err);
}

static void work_on(struct backlog *backlog);

static void was_judged(void *context, const struct error *err)
{
    struct request *request = context;
    struct backlog *backlog = request->backlog;

    (void)err;
    backlog->at_work--;
    backlog->judging--;
    backlog->bytes -= request->held_bytes;
    if (request->spill) {
        spill_release(request->spill, request->place);
    }
    backlog->judged(request);
    work_on(backlog);
}

static void was_put_aside(void *context, const struct error *err)
{
    struct request *request = context;
    struct backlog *backlog = request->backlog;

    backlog->at_work--;
    backlog->waiting++;
    if (err->kind == ERROR_NONE) {
        backlog->bytes -= request->held_bytes;
        backlog->put_aside++;
        push(&backlog->aside, request);
    } else {
        backlog->no_disk = true;
        spill_release(request->spill, request->place);
        request->spill = NULL;
        push(&backlog->held, request);
    }
    work_on(backlog);
}

static struct request *next_to_judge(struct backlog *backlog)
{
    struct request *request = pop(&backlog->held);

    if (!request && (request = pop(&backlog->aside))) {
        backlog->bytes += request->held_bytes;
    }
    backlog->waiting -= request != NULL;
    return request;
}

static bool is_to_put_aside(struct backlog *backlog)
{
    struct error ignored;

    if (backlog->bytes <= backlog->limits.in_memory || !backlog->held.first || backlog->no_disk) {
        return false;
    }
    if (!backlog->spill) {
        backlog->spill = spill_new(&ignored);
        backlog->no_disk = backlog->spill == NULL;
    }
    return backlog->spill != NULL;
}

static void begin_work(struct backlog *backlog, bool aside)
{
    struct request *request = next_to_judge(backlog);
    struct work_request ask = { .run = aside ? run_put_aside : run_judge, .arg = request };

    if (aside) {
        request->spill = backlog->spill;
        request->place = spill_reserve(backlog->spill, request->held_bytes);
    }
    backlog->at_work++;
    backlog->judging += !aside;
    backlog->pace.work(backlog->pace.context, &ask, aside ? was_put_aside : was_judged, request);
}

/* One place is kept for putting aside, which is quick: memory never waits for a judge. */
static void work_on(struct backlog *backlog)
{
    int places = backlog->pace.places, judges = places > 1 ? places - 1 : 1;

    while (backlog->at_work < places && backlog->waiting > 0) {
        bool aside = is_to_put_aside(backlog);

        if (!aside && backlog->judging >= judges) {
            return;
        }
        begin_work(backlog, aside);
    }
}

/* By the loop's own thread: it is late by a millisecond, and memory stays within its bound. */
static void put_aside_here(struct backlog *backlog)
{
    struct request *request = next_to_judge(backlog);
    struct error err = { .kind = ERROR_NONE };

    request->spill = backlog->spill;
    request->place = spill_reserve(backlog->spill, request->held_bytes);
    backlog->at_work++;
    (void)!run_put_aside(request, &err);
    was_put_aside(request, &err);
}

/* -- the public side --------------------------------------------------------------------------- */

void backlog_add(struct backlog *backlog, struct request *request)
{
    request->backlog = backlog;
    request->held_bytes = request->op.http_response.body.size;
    backlog->bytes += request->held_bytes;
    backlog->waiting++;
    push(&backlog->held, request);
    work_on(backlog);
    while (backlog->bytes > backlog->limits.at_once && is_to_put_aside(backlog)) {
        put_aside_here(backlog);
    }
}

bool backlog_is_full(const struct backlog *backlog)
{
    return backlog->bytes >= backlog->limits.full;
}

int backlog_waiting(const struct backlog *backlog)
{
    return backlog->waiting + backlog->at_work;
}

size_t backlog_put_aside(const struct backlog *backlog)
{
    return backlog->put_aside;
}

bool backlog_help(struct backlog *backlog)
{
    struct request *request = next_to_judge(backlog);
    struct error ignored = { .kind = ERROR_NONE };

    if (!request) {
        return false;
    }
    backlog->at_work++;
    backlog->judging++;
    run_judge(request, &ignored);
    was_judged(request, &ignored);
    return true;
}

void backlog_drop(struct backlog *backlog)
{
    struct request *request;

    while ((request = next_to_judge(backlog)) != NULL) {
        request->sample.outcome = OUTCOME_ABORTED;
        snprintf(request->sample.error, sizeof request->sample.error,
                 "stopped before the answer was looked at");
        backlog->bytes -= request->held_bytes;
        backlog->judged(request);
    }
}

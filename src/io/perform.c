/* perform.c - the worker's performer: passes each op to the component that performs it. */
#include "io/perform.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/list.h"
#include "base/memory.h"
#include "io/file.h"
#include "io/http/http.h"
#include "io/loop.h"
#include "io/postgres/sql.h"

struct loop_performer {
    struct performer face; /* must be first */
    struct loop *loop;
    struct http *http;
    struct sql *sql;
    struct list tasks; /* running */
};

struct task {
    struct list_node node;
    struct loop_performer *performer;
    struct op *op;
    op_done_fn done;
    void *context;
    struct loop_timer *timer; /* while it is delayed; NULL once it is dispatched */
    bool cancelled;
};

static void task_end(struct task *task)
{
    struct op *op = task->op;
    op_done_fn done = task->done;
    void *context = task->context;

    list_remove(&task->node);
    loop_timer_free(task->timer);
    free(task);
    op->ended_us = clock_mono_us();
    done(op, context);
}

static void on_op_done(struct op *op, void *context)
{
    (void)op;
    task_end(context);
}

static void pool_done(void *context, const struct error *err)
{
    struct task *task = context;

    task->op->error = *err;
    task_end(task);
}

static bool read_line(struct op *op, struct error *err)
{
    const struct file_request *ask = &op->file;
    struct file_result *got = &op->file_result;
    struct file_line line;

    blob_free(&got->content);
    if (!file_read_line(ask->path, ask->offset, ask->read_limit, &got->content, &line, err)) {
        return false;
    }
    got->missing = line.missing;
    got->too_long = line.too_long;
    got->next = line.next;
    return true;
}

bool file_perform(void *arg, struct error *err)
{
    struct op *op = arg;
    const struct file_request *ask = &op->file;

    if (ask->remove) {
        return file_remove(ask->path, err);
    }
    if (ask->piece && ask->write) {
        return file_write_at(ask->path, ask->offset, &ask->content, err);
    }
    if (ask->piece) {
        return read_line(op, err);
    }
    if (ask->write) {
        return file_write_two(ask->path, &ask->head, &ask->content, ask->owner_only, err);
    }
    return file_read(ask->path, ask->read_limit, &op->file_result.content, &op->file_result.missing,
                     err);
}

static void end_now(void *context)
{
    task_end(context);
}

/* In the next iteration of the loop: `done` must not be called from within `begin`. */
static void end_soon(struct task *task)
{
    task->timer = loop_timer_new(task->performer->loop, end_now, task);
    loop_timer_start(task->timer, 0, 0);
}

static void dispatch(void *context)
{
    struct task *task = context;
    struct loop_performer *performer = task->performer;
    struct op *op = task->op;

    loop_timer_free(task->timer);
    task->timer = NULL;
    if (task->cancelled) {
        error_set(&op->error, ERROR_STOPPED, "stopped");
        task_end(task);
        return;
    }
    switch (op->kind) {
    case OP_HTTP:
        http_begin(performer->http, op, on_op_done, task);
        return;
    case OP_SQL:
        if (!performer->sql) {
            error_set(&op->error, ERROR_INTERNAL, "no database is configured");
            end_soon(task);
            return;
        }
        sql_begin(performer->sql, op, on_op_done, task);
        return;
    case OP_WORK:
        loop_run_on_pool(performer->loop, op->work.run, op->work.arg, pool_done, task);
        return;
    case OP_FILE:
        loop_run_on_pool(performer->loop, file_perform, op, pool_done, task);
        return;
    case OP_NONE:
    case OP_SLEEP:
        task_end(task);
        return;
    }
}

static void begin(struct performer *self, struct op *op, op_done_fn done, void *context)
{
    struct loop_performer *performer = (struct loop_performer *)self;
    struct task *task = xcalloc(1, sizeof *task);

    task->performer = performer;
    task->op = op;
    task->done = done;
    task->context = context;
    list_prepend(&performer->tasks, &task->node);
    op->error = (struct error){ .kind = ERROR_NONE };
    op->began_us = clock_mono_us();
    if (op->sleep_ms > 0 || op->kind == OP_SLEEP || op->kind == OP_NONE) {
        task->timer = loop_timer_new(performer->loop, dispatch, task);
        loop_timer_start(task->timer, op->sleep_ms, 0);
        return;
    }
    dispatch(task);
}

static void cancel(struct performer *self, struct op *op)
{
    struct loop_performer *performer = (struct loop_performer *)self;
    struct list_node *node = list_first(&performer->tasks);
    struct task *task;

    while (node && LIST_ENTRY(node, struct task, node)->op != op) {
        node = list_next(&performer->tasks, node);
    }
    if (!node) {
        return;
    }
    task = LIST_ENTRY(node, struct task, node);
    task->cancelled = true;
    if (task->timer) {
        loop_timer_start(task->timer, 0, 0);
    } else if (op->kind == OP_HTTP) {
        http_cancel(performer->http, op);
    } else if (op->kind == OP_SQL) {
        sql_cancel(performer->sql, op);
    }
}

static int64_t now_ms(struct performer *self)
{
    (void)self;
    return clock_mono_us() / 1000;
}

struct performer *perform_new(struct loop *loop, struct http *http, struct sql *sql)
{
    struct loop_performer *performer = xcalloc(1, sizeof *performer);

    list_init(&performer->tasks);
    performer->face = (struct performer){ .begin = begin, .cancel = cancel, .now_ms = now_ms };
    performer->loop = loop;
    performer->http = http;
    performer->sql = sql;
    return &performer->face;
}

void perform_free(struct performer *performer)
{
    free(performer);
}

static void set_flag(struct op *op, void *context)
{
    (void)op;
    *(bool *)context = true;
}

void perform_wait(struct performer *performer, struct loop *loop, struct op *op)
{
    bool done = false;

    performer->begin(performer, op, set_flag, &done);
    while (!done) {
        loop_wait(loop, -1); /* without a bound: the op has its own timeout */
    }
}

/* perform.h - the interface of performers, which perform ops.
 *
 * The worker's performer uses the event loop (libuv, libcurl, libpq). Tests use a scripted one with
 * a virtual clock, which can simulate the death of the process before or after any op. */
#ifndef IO_PERFORM_H
#define IO_PERFORM_H
#include "io/op.h"

/* Called once for each op, never from within `begin`. op->error is set. */
typedef void (*op_done_fn)(struct op *op, void *context);

struct performer {
    /* Begins the op. It and everything that it points to must not change until `done` is called. */
    void (*begin)(struct performer *self, struct op *op, op_done_fn done, void *context);
    /* Ends a running op early: `done` is called soon, with ERROR_STOPPED, or with the result if
     * that came first. Work on the pool is not interrupted. */
    void (*cancel)(struct performer *self, struct op *op);
    /* Milliseconds of the clock of this performer. */
    int64_t (*now_ms)(struct performer *self);
};

/* Performs an OP_FILE at once; blocking. `arg` is the op. */
bool file_perform(void *arg, struct error *err) MUST_CHECK;

struct loop;
struct http;
struct sql;

/* The performer of workers and commands. Borrows its arguments; `sql` may be NULL if no database is
 * used. The caller frees it with perform_free when no op is running. */
struct performer *perform_new(struct loop *loop, struct http *http, struct sql *sql);
void perform_free(struct performer *performer);

/* Performs one op and runs the loop until it is done; for commands. Must not be called from within
 * a callback of the loop. Read op->error and the response afterwards. */
void perform_wait(struct performer *performer, struct loop *loop, struct op *op);
#endif

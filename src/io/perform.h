/* perform.h - the seam: something that performs ops.
 *
 * The daemon's performer stands on the event loop (libuv, libcurl, libpq); tests script one of
 * their own with a virtual clock, and may "kill the process" before or after any op. */
#ifndef IO_PERFORM_H
#define IO_PERFORM_H
#include "io/op.h"

/* Called once for each op begun, never from within perform_begin; op->error is set. */
typedef void (*op_done_fn)(struct op *op, void *context);

struct performer {
    /* Begins the op; the op and all that it points to stay untouched until done is called. */
    void (*begin)(struct performer *self, struct op *op, op_done_fn done, void *context);
    /* Asks for an early end of a running op: done is still called, soon, with ERROR_STOPPED
     * (or with the answer, if that was faster). Work on the pool is not interrupted. */
    void (*cancel)(struct performer *self, struct op *op);
    /* Milliseconds on the clock that this performer lives by. */
    int64_t (*now_ms)(struct performer *self);
};

/* What an OP_FILE asks, done at once; blocking. `arg` is the op. */
bool file_perform(void *arg, struct error *err) MUST_CHECK;

struct loop;
struct http;
struct sql;

/* The daemon's performer. Borrows its parts; `sql` may be NULL where no database is used. The
 * caller frees with perform_free after the loop has ended. */
struct performer *perform_new(struct loop *loop, struct http *http, struct sql *sql);
void perform_free(struct performer *performer);

/* Performs one op and runs the loop until it is done; for commands. Must not be called from within
 * a callback of the loop. Read op->error and the response afterwards. */
void perform_wait(struct performer *performer, struct loop *loop, struct op *op);
#endif

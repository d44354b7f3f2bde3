/* queued_statement.h - one statement of a lane, from its begin to the call of `done`. */
#ifndef IO_POSTGRES_QUEUED_STATEMENT_H
#define IO_POSTGRES_QUEUED_STATEMENT_H
#include "base/list.h"
#include "io/perform.h"

struct queued_statement { /* one op, waiting or sent */
    struct list_node node;
    struct op *op;
    op_done_fn done;
    void *context;
    int64_t deadline_us; /* clock_mono_us */
    int64_t sent_us;     /* when it was sent last */
    bool cancelled;
    bool failed; /* it cannot be sent; op->error is set */
};

struct queued_statement *queued_statement_new(struct op *op, uint32_t timeout_ms, op_done_fn done,
                                              void *context);
struct queued_statement *queued_statement_of(struct list_node *node);

/* Each of these frees the statements, and calls `done`, which may add statements. They must not be
 * in a list, except those of `list`. */
void queued_statement_finish(struct queued_statement *statement);
void queued_statement_fail(struct queued_statement *statement, const struct error *why);
void queued_statements_fail(struct list *list, const struct error *why);
#endif

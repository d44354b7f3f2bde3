/* queued_statement.c - how a statement begins and ends. */
#include "io/postgres/queued_statement.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"

struct queued_statement *queued_statement_new(struct op *op, uint32_t timeout_ms, op_done_fn done,
                                              void *context)
{
    struct queued_statement *statement = xcalloc(1, sizeof *statement);

    blob_free(&op->sql_result.value);
    op->error = (struct error){ .kind = ERROR_NONE };
    statement->op = op;
    statement->done = done;
    statement->context = context;
    statement->deadline_us = clock_mono_us() + (int64_t)timeout_ms * 1000;
    return statement;
}

struct queued_statement *queued_statement_of(struct list_node *node)
{
    return LIST_ENTRY(node, struct queued_statement, node);
}

void queued_statement_finish(struct queued_statement *statement)
{
    statement->done(statement->op, statement->context);
    free(statement);
}

void queued_statement_fail(struct queued_statement *statement, const struct error *why)
{
    if (statement->op->error.kind == ERROR_NONE) {
        statement->op->error = *why;
    }
    queued_statement_finish(statement);
}

void queued_statements_fail(struct list *list, const struct error *why)
{
    struct list failed;
    struct list_node *node;

    list_init(&failed); /* the callbacks may add statements to `list` */
    while ((node = list_first(list)) != NULL) {
        list_remove(node);
        list_append(&failed, node);
    }
    while ((node = list_first(&failed)) != NULL) {
        list_remove(node);
        queued_statement_fail(queued_statement_of(node), why);
    }
}

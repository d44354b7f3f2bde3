/* worker_query.c - the worker's own statements, and its warnings. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "jobs/worker/worker_internal.h"

const char *worker_own_name(const struct worker *worker)
{
    return worker->config.engine.job_context->worker;
}

void pending_query_open(struct pending_query *query)
{
    op_clear(&query->op);
    query->arena = arena_new();
}

void pending_query_begin(struct worker *worker, struct pending_query *query, op_done_fn done)
{
    struct performer *performer = worker->config.performer;

    performer->begin(performer, &query->op, done, worker);
}

void pending_query_close(struct pending_query *query)
{
    op_clear(&query->op);
    arena_free(query->arena);
    query->arena = NULL;
}

void worker_warn(struct worker *worker, const struct error *error)
{
    if (strcmp(worker->last_warning, error->text) == 0) {
        return;
    }
    snprintf(worker->last_warning, sizeof worker->last_warning, "%s", error->text);
    log_event(LOG_WARNING, error->text,
              (struct log_field[]){ LOG_TEXT_FIELD("class", error_rule(error->kind)->name),
                                    LOG_TEXT_FIELD("hint", error->hint) },
              error->hint[0] ? 2 : 1);
}

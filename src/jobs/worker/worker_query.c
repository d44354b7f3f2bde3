/* worker_query.c - the worker's name, its own statements, and its warnings. */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "jobs/worker/worker_internal.h"

void worker_name(char *out, size_t size)
{
    char host[64] = "";
    uint32_t random = 0;

    gethostname(host, sizeof host - 1);
    if (getrandom(&random, sizeof random, 0) != sizeof random) {
        random = (uint32_t)clock_mono_us();
    }
    snprintf(out, size, "%s:%d:%08x", host, (int)getpid(), random);
}

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

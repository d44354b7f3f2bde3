/* sql.c - the three connections of a process. */
#include "io/postgres/sql.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "io/postgres/sql_internal.h"

enum { DEADLINE_MS = 30 * 1000 };

struct sql *sql_new(struct loop *loop, const struct sql_config *config)
{
    struct sql *sql = xcalloc(1, sizeof *sql);

    sql->loop = loop;
    sql->config = *config;
    sql->config.deadline_ms = config->deadline_ms ? config->deadline_ms : DEADLINE_MS;
    sql->application_name =
        xstrdup(config->application_name ? config->application_name : "darkroom");
    connection_begin(sql, &sql->urgent, false);
    connection_begin(sql, &sql->work, false);
    if (config->channel) {
        sql->channel = xstrdup(config->channel);
        connection_begin(sql, &sql->listen, true);
    }
    return sql;
}

void sql_free(struct sql *sql)
{
    if (!sql) {
        return;
    }
    connection_end(&sql->listen);
    connection_end(&sql->urgent);
    connection_end(&sql->work);
    free(sql->channel);
    free(sql->application_name);
    free(sql);
}

void sql_begin(struct sql *sql, struct op *op, sql_done_fn done, void *context)
{
    struct queued_statement *query = xcalloc(1, sizeof *query);
    uint32_t ms = op->timeout_ms ? op->timeout_ms : sql->config.deadline_ms;

    blob_free(&op->sql_result.value);
    op->error = (struct error){ .kind = ERROR_NONE };
    query->op = op;
    query->done = done;
    query->context = context;
    query->deadline_us = clock_mono_us() + (int64_t)ms * 1000;
    connection_add(op->sql.urgent ? &sql->urgent : &sql->work, query);
}

void sql_cancel(struct sql *sql, struct op *op)
{
    if (!connection_cancel(&sql->urgent, op)) {
        connection_cancel(&sql->work, op);
    }
}

void sql_on_notify(struct sql *sql, void (*wake)(void *context), void *context)
{
    sql->wake = wake;
    sql->wake_context = context;
}

bool sql_listening(const struct sql *sql)
{
    return sql->listening;
}

bool sql_connected(const struct sql *sql)
{
    return sql->urgent.state == CONNECTION_IDLE || sql->urgent.state == CONNECTION_BUSY;
}

const struct error *sql_last_error(const struct sql *sql)
{
    return &sql->last_error;
}

/* sql.c - the three connections of a process. */
#include "io/postgres/sql.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "io/postgres/sql_internal.h"

enum { DEADLINE_MS = 30 * 1000 };

struct sql *sql_new(struct loop *loop, const struct sql_config *config, struct error *err)
{
    struct sql *sql = calloc(1, sizeof *sql);

    if (!sql) {
        error_set(err, ERROR_INTERNAL, "no memory for the database");
        return NULL;
    }
    sql->loop = loop;
    sql->config = *config;
    sql->config.deadline_ms = config->deadline_ms ? config->deadline_ms : DEADLINE_MS;
    sql->application_name =
        strdup(config->application_name ? config->application_name : "darkroom");
    slot_begin(sql, &sql->urgent, "urgent", false);
    slot_begin(sql, &sql->work, "work", false);
    if (config->channel) {
        sql->channel = strdup(config->channel);
        slot_begin(sql, &sql->listen, "listen", true);
    }
    return sql;
}

void sql_free(struct sql *sql)
{
    if (!sql) {
        return;
    }
    slot_end(&sql->listen);
    slot_end(&sql->urgent);
    slot_end(&sql->work);
    free(sql->channel);
    free(sql->application_name);
    free(sql);
}

void sql_begin(struct sql *sql, struct op *op, sql_done_fn done, void *context)
{
    struct request *request = calloc(1, sizeof *request);
    uint32_t ms = op->timeout_ms ? op->timeout_ms : sql->config.deadline_ms;

    if (!request) {
        abort();
    }
    blob_free(&op->sql_result.value);
    op->error = (struct error){ .kind = ERROR_NONE };
    *request = (struct request){ .op = op,
                                 .done = done,
                                 .context = context,
                                 .deadline_us = clock_mono_us() + (int64_t)ms * 1000 };
    slot_add(op->sql.urgent ? &sql->urgent : &sql->work, request);
}

void sql_cancel(struct sql *sql, struct op *op)
{
    if (!slot_cancel(&sql->urgent, op)) {
        slot_cancel(&sql->work, op);
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
    return sql->urgent.state == SLOT_IDLE || sql->urgent.state == SLOT_BUSY;
}

const struct error *sql_last_error(const struct sql *sql)
{
    return &sql->trouble;
}

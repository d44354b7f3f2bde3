/* sql.c - the lanes and the listen connection of a process. */
#include "io/postgres/sql.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "io/postgres/sql_internal.h"

enum {
    WORK_CONNECTIONS = 4,
    URGENT_CONNECTIONS = 2,
    WORK_DEADLINE_MS = 30 * 1000,
    URGENT_DEADLINE_MS = 5000,
    PROOF_MS = 60 * 1000,
    LOCK_RETRY_MS = 1000
};

/* A statement of a job waits at most half a second for a lock among the others, then on a
 * connection of its own, so that a row that is locked for minutes delays nothing else. */
static const struct statement_limits urgent_limits = { .lock_ms = 2000, .total_ms = 5000 },
                                     work_limits = { .lock_ms = 500, .total_ms = 25000 },
                                     patient_limits = { .lock_ms = 2000, .total_ms = 25000 };

static uint32_t default_to(uint32_t value, uint32_t fallback)
{
    return value ? value : fallback;
}

static void begin_lanes(struct sql *sql)
{
    uint32_t connections = default_to(sql->config.connections, WORK_CONNECTIONS);

    sql->urgent.most = URGENT_CONNECTIONS;
    sql->urgent.least = 1;
    sql->urgent.limits = urgent_limits;
    sql->urgent.fails_when_down = true;
    sql->work.most = connections < LANE_CONNECTIONS ? (int)connections : LANE_CONNECTIONS;
    sql->work.least = 1;
    sql->work.limits = work_limits;
    sql->work.patient = &sql->patient;
    sql->patient.most = 1;
    sql->patient.limits = patient_limits;
    sql->patient.retries_locked = true;
    lane_begin(&sql->urgent, sql);
    lane_begin(&sql->work, sql);
    lane_begin(&sql->patient, sql);
}

struct sql *sql_new(struct loop *loop, const struct sql_config *config)
{
    struct sql *sql = xcalloc(1, sizeof *sql);

    sql->loop = loop;
    sql->config = *config;
    sql->config.deadline_ms = default_to(config->deadline_ms, WORK_DEADLINE_MS);
    sql->config.proof_ms = default_to(config->proof_ms, PROOF_MS);
    sql->config.lock_retry_ms = default_to(config->lock_retry_ms, LOCK_RETRY_MS);
    sql->application_name =
        xstrdup(config->application_name ? config->application_name : "darkroom");
    begin_lanes(sql);
    if (config->channel) {
        sql->channel = xstrdup(config->channel);
        listen_begin(&sql->listen, sql);
    }
    return sql;
}

void sql_free(struct sql *sql)
{
    if (!sql) {
        return;
    }
    listen_end(&sql->listen);
    lane_end(&sql->urgent);
    lane_end(&sql->work);
    lane_end(&sql->patient);
    op_clear(&sql->listen.proof);
    free(sql->channel);
    free(sql->application_name);
    free(sql);
}

void sql_begin(struct sql *sql, struct op *op, sql_done_fn done, void *context)
{
    struct queued_statement *statement = xcalloc(1, sizeof *statement);
    bool urgent = op->sql.urgent;
    uint32_t ms = default_to(op->timeout_ms, urgent ? URGENT_DEADLINE_MS : sql->config.deadline_ms);

    blob_free(&op->sql_result.value);
    op->error = (struct error){ .kind = ERROR_NONE };
    statement->op = op;
    statement->done = done;
    statement->context = context;
    statement->deadline_us = clock_mono_us() + (int64_t)ms * 1000;
    lane_add(urgent ? &sql->urgent : &sql->work, statement);
}

void sql_cancel(struct sql *sql, const struct op *op)
{
    if (!lane_cancel(&sql->urgent, op) && !lane_cancel(&sql->work, op)) {
        lane_cancel(&sql->patient, op);
    }
}

void sql_on_notify(struct sql *sql, void (*wake)(void *context), void *context)
{
    sql->wake = wake;
    sql->wake_context = context;
}

bool sql_listening(const struct sql *sql)
{
    return sql->listen.verified;
}

bool sql_lock_held(const struct sql *sql)
{
    return sql->listen.verified && sql->listen.lock_seen;
}

const struct error *sql_session_problem(const struct sql *sql)
{
    return &sql->listen.problem;
}

bool sql_connected(const struct sql *sql)
{
    return lane_is_up(&sql->urgent);
}

const struct error *sql_last_error(const struct sql *sql)
{
    return &sql->last_error;
}

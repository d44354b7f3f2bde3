/* sql.c - the lanes and the listen connection of a process. */
#include "io/postgres/sql.h"

#include <stdlib.h>

#include "base/memory.h"
#include "io/postgres/sql_listen.h"

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

struct sql {
    struct connection_host host;
    struct sql_lane urgent, work, patient;
    struct sql_listen listen;
    uint32_t deadline_ms;
};

static uint32_t default_to(uint32_t value, uint32_t fallback)
{
    return value ? value : fallback;
}

static void begin_lanes(struct sql *sql, uint32_t connections)
{

    sql->urgent.most = URGENT_CONNECTIONS;
    sql->urgent.least = 1;
    sql->urgent.limits = urgent_limits;
    sql->urgent.prepares = true; /* claims and heartbeats are the most frequent statements */
    sql->urgent.fails_when_down = true;
    sql->work.most = connections < LANE_CONNECTIONS ? (int)connections : LANE_CONNECTIONS;
    sql->work.least = 1;
    sql->work.limits = work_limits;
    sql->work.patient = &sql->patient;
    sql->work.helper = &sql->urgent;
    sql->urgent.helped = &sql->work;
    sql->patient.most = 1;
    sql->patient.limits = patient_limits;
    sql->patient.retries_locked = true;
    lane_begin(&sql->urgent, &sql->host);
    lane_begin(&sql->work, &sql->host);
    lane_begin(&sql->patient, &sql->host);
}

struct sql *sql_new(struct loop *loop, const struct sql_config *config)
{
    struct sql *sql = xcalloc(1, sizeof *sql);

    sql->host.loop = loop;
    sql->host.url = config->url;
    sql->host.application_name =
        xstrdup(config->application_name ? config->application_name : "darkroom");
    sql->deadline_ms = default_to(config->deadline_ms, WORK_DEADLINE_MS);
    begin_lanes(sql, default_to(config->connections, WORK_CONNECTIONS));
    if (config->channel) {
        sql->listen.urgent = &sql->urgent;
        sql->listen.channel = xstrdup(config->channel);
        sql->listen.lock_key = config->lock_key;
        sql->listen.proof_ms = default_to(config->proof_ms, PROOF_MS);
        sql->listen.lock_retry_ms = default_to(config->lock_retry_ms, LOCK_RETRY_MS);
        listen_begin(&sql->listen, &sql->host);
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
    free(sql->listen.channel);
    free(sql->host.application_name);
    free(sql);
}

void sql_begin(struct sql *sql, struct op *op, sql_done_fn done, void *context)
{
    bool urgent = op->sql.urgent;
    uint32_t ms = default_to(op->timeout_ms, urgent ? URGENT_DEADLINE_MS : sql->deadline_ms);

    lane_perform(urgent ? &sql->urgent : &sql->work, op, ms, done, context);
}

void sql_cancel(struct sql *sql, const struct op *op)
{
    if (!lane_cancel(&sql->urgent, op) && !lane_cancel(&sql->work, op)) {
        lane_cancel(&sql->patient, op);
    }
}

void sql_on_notify(struct sql *sql, void (*wake)(void *context), void *context)
{
    sql->listen.wake = wake;
    sql->listen.wake_context = context;
}

bool sql_listening(const struct sql *sql)
{
    return sql->host.sessions_proven;
}

bool sql_lock_held(const struct sql *sql)
{
    return sql->host.sessions_proven && sql->listen.lock_seen;
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
    return &sql->host.last_error;
}

/* sql_lane.h - a queue of statements, and the connections that execute them. */
#ifndef IO_POSTGRES_SQL_LANE_H
#define IO_POSTGRES_SQL_LANE_H
#include "io/postgres/queued_statement.h"
#include "io/postgres/sql_connection.h"

enum { LANE_CONNECTIONS = 64 };

struct sql_lane {
    struct connection_host *host;
    struct list queue; /* of queued_statement; those that are not sent */
    struct sql_connection connections[LANE_CONNECTIONS];
    int most;  /* connections that may be open */
    int least; /* connections that stay open without work: 0 or 1 */
    struct statement_limits limits;
    struct sql_lane *patient; /* takes over statements that wait for a lock; NULL: none */
    bool retries_locked;      /* repeats a statement that waits for a lock until its deadline */
    bool prepares;            /* its statements are prepared where sessions are proven */
    bool fails_when_down;     /* statements end when the connection is lost, and do not wait */
    struct loop_timer *timer;
    uint32_t back_off_ms;
    int64_t retry_at_us; /* no connection is opened before */
};

void lane_begin(struct sql_lane *lane, struct connection_host *host);
void lane_end(struct sql_lane *lane); /* its statements end with ERROR_STOPPED */
/* Begins op->sql; `done` is called later, never from within lane_perform. */
void lane_perform(struct sql_lane *lane, struct op *op, uint32_t timeout_ms, op_done_fn done,
                  void *context);
bool lane_cancel(struct sql_lane *lane, const struct op *op);
bool lane_is_up(const struct sql_lane *lane);
#endif

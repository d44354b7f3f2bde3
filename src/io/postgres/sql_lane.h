/* sql_lane.h - a queue of statements, and the connections that execute them. */
#ifndef IO_POSTGRES_SQL_LANE_H
#define IO_POSTGRES_SQL_LANE_H
#include "io/postgres/queued_statement.h"
#include "io/postgres/sql_connection.h"

enum { LANE_CONNECTIONS = 64, LANE_CHECK_MS = 500 };

struct sql_lane {
    struct connection_host *host;
    struct list queue; /* of queued_statement; those that are not sent */
    struct sql_connection connections[LANE_CONNECTIONS];
    int most;  /* connections that may be open */
    int least; /* connections that stay open without work: 0 or 1 */
    struct statement_limits limits;
    struct sql_lane *patient; /* takes over statements that wait for a lock; NULL: none */
    /* Takes over statements while this lane has no connection, and connects first; or NULL. */
    struct sql_lane *helper;
    struct sql_lane *helped; /* the lane whose helper this is, or NULL */
    int64_t down_since_us;   /* 0: it has a connection */
    bool retries_locked;     /* repeats a statement that waits for a lock until its deadline */
    bool prepares;           /* its statements are prepared where sessions are proven */
    bool fails_when_down;    /* statements end when the connection is lost, and do not wait */
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
/* Sends what waits, in the next iteration of the loop. */
void lane_check_soon(struct sql_lane *lane);
/* Gives the statements in the queue to the helper, if this lane has had no connection for a second.
 */
void lane_use_helper(struct sql_lane *lane, int64_t now_us);
/* How long the connection with this index may be idle. */
int64_t lane_idle_limit_us(const struct sql_lane *lane, int index);
#endif

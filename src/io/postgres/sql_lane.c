/* sql_lane.c - a queue of statements, and the connections that execute them.
 *
 * A lane opens a further connection when a statement waits and no connection is idle, and closes it
 * when it has been idle for a while, because poolers allow few connections. */
#include "io/postgres/sql_lane.h"

#include "base/clock.h"

enum {
    BACK_OFF_FIRST_MS = 100,
    BACK_OFF_LAST_MS = 2000,
    WAITED_US = 50 * 1000,
    /* After a statement's deadline the server ends it by itself. This much later the connection is
     * given up: the server or the network does not answer. */
    SERVER_GRACE_US = 1500 * 1000
};

/* -- sending ----------------------------------------------------------------------------------- */

static void back_off(struct sql_lane *lane)
{
    lane->back_off_ms = lane->back_off_ms ? lane->back_off_ms * 2 : BACK_OFF_FIRST_MS;
    if (lane->back_off_ms > BACK_OFF_LAST_MS) {
        lane->back_off_ms = BACK_OFF_LAST_MS;
    }
    lane->retry_at_us = clock_mono_us() + (int64_t)lane->back_off_ms * 1000;
    loop_timer_start(lane->timer, lane->back_off_ms, LANE_CHECK_MS);
}

static struct sql_connection *first_in_state(struct sql_lane *lane, enum connection_state state)
{
    for (int i = 0; i < lane->most; i++) {
        if (lane->connections[i].state == state) {
            return &lane->connections[i];
        }
    }
    return NULL;
}

/* One at a time: the statements in the queue may be done before it is connected. */
static void open_another(struct sql_lane *lane)
{
    struct sql_connection *connection = first_in_state(lane, CONNECTION_DOWN);

    if (lane->helper && !lane_is_up(lane->helper)) {
        return; /* there may be one connection only */
    }
    if (connection && !first_in_state(lane, CONNECTION_CONNECTING) &&
        clock_mono_us() >= lane->retry_at_us) {
        connection_open(connection);
    }
}

static struct statement_limits limits_of(const struct sql_lane *lane,
                                         const struct queued_statement *statement, int64_t now_us)
{
    struct statement_limits limits = lane->limits;
    int64_t left_ms = (statement->deadline_us - now_us) / 1000 + 1;

    if (left_ms < limits.total_ms) {
        limits.total_ms = (uint32_t)left_ms;
    }
    return limits;
}

/* Removes the first statement that can be sent. The others end in the next iteration of the loop,
 * since this may be called from within sql_begin. */
static struct queued_statement *take_next(struct sql_lane *lane, int64_t now_us)
{
    struct list_node *node = list_first(&lane->queue);

    for (; node; node = list_next(&lane->queue, node)) {
        struct queued_statement *statement = queued_statement_of(node);
        const char *name = statement->op->sql.statement;

        if (!statement->cancelled && !statement->failed && !sql_text(name)) {
            error_set(&statement->op->error, ERROR_INTERNAL, "there is no statement '%s'", name);
            statement->failed = true;
        }
        if (!statement->cancelled && !statement->failed && statement->deadline_us > now_us) {
            list_remove(&statement->node);
            return statement;
        }
        lane_check_soon(lane);
    }
    return NULL;
}

static void dispatch(struct sql_lane *lane)
{
    struct sql_connection *connection;
    int64_t now_us = clock_mono_us();

    while (!list_is_empty(&lane->queue) &&
           (connection = first_in_state(lane, CONNECTION_IDLE)) != NULL) {
        struct queued_statement *statement = take_next(lane, now_us);
        const struct sql_request *ask = statement ? &statement->op->sql : NULL;

        if (!statement) {
            return;
        }
        if (!connection_send(connection, lane->prepares ? ask->statement : NULL,
                             sql_text(ask->statement), ask->param_count, ask->params,
                             limits_of(lane, statement, now_us))) {
            list_prepend(&lane->queue, &statement->node); /* is sent again */
            connection_close(connection, CLOSE_PLAIN);
            back_off(lane);
            return;
        }
        statement->sent_us = now_us;
        connection->sent = statement;
        connection->failure = NULL;
    }
    if (!list_is_empty(&lane->queue)) {
        open_another(lane);
    }
}

static void add(struct sql_lane *lane, struct queued_statement *statement)
{
    list_append(&lane->queue, &statement->node);
    dispatch(lane);
}

void lane_perform(struct sql_lane *lane, struct op *op, uint32_t timeout_ms, op_done_fn done,
                  void *context)
{
    add(lane, queued_statement_new(op, timeout_ms, done, context));
}

/* -- events of the connections ----------------------------------------------------------------- */

static void on_up(struct sql_connection *connection)
{
    struct sql_lane *lane = connection->owner;

    lane->host->last_error = (struct error){ .kind = ERROR_NONE };
    dispatch(lane);
    if (lane->helped) {
        lane_check_soon(lane->helped);
    }
}

/* Nothing of the database ends a worker: what an operator must fix is repeated like the rest. */
static void set_error(struct sql_connection *connection, const PGresult *result)
{
    struct error *err = &connection->sent->op->error;

    connection->failure = sql_error_of(result, connection->conn, err);
    err->kind = connection->failure->remedy == SQL_FIX_DATA ? ERROR_INPUT : ERROR_DATABASE;
}

static void on_result(struct sql_connection *connection, const PGresult *result)
{
    struct op *op = connection->sent->op;
    ExecStatusType status = PQresultStatus(result);

    if (op->error.kind != ERROR_NONE || op->sql_result.value.size > 0) {
        return;
    }
    if (status == PGRES_TUPLES_OK) {
        if (!sql_value_of(result, &op->sql_result.value, &op->error)) {
            op->sql_result.value = (struct blob){ 0 };
        }
    } else if (status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY) {
        set_error(connection, result);
    }
}

/* Returns true if the statement waited for a lock in vain and is queued again, so that it keeps no
 * connection from other statements. */
static bool is_queued_again(struct sql_lane *lane, const struct sqlstate_rule *failure,
                            struct queued_statement *statement)
{
    struct sql_lane *next = lane->patient ? lane->patient : lane;
    int64_t now_us = clock_mono_us();

    /* One that did not wait at all (nowait) would be repeated without a pause. */
    if (now_us - statement->sent_us < WAITED_US || !failure || failure != sqlstate_rule("55P03") ||
        statement->cancelled || (next == lane && !lane->retries_locked) ||
        statement->deadline_us <= now_us) {
        return false;
    }
    statement->op->error = (struct error){ .kind = ERROR_NONE };
    add(next, statement);
    return true;
}

static void on_complete(struct sql_connection *connection)
{
    struct sql_lane *lane = connection->owner;
    struct queued_statement *statement = connection->sent;
    const struct sqlstate_rule *failure = connection->failure;

    connection->sent = NULL;
    connection->failure = NULL;
    lane->back_off_ms = 0;
    if (failure && failure->remedy == SQL_RETRY_FRESH) {
        connection_close(connection, failure->stale_plan && !lane->host->sessions_proven
                                         ? CLOSE_TERMINATE
                                         : CLOSE_PLAIN);
    }
    if (is_queued_again(lane, failure, statement)) {
        statement = NULL;
    }
    dispatch(lane); /* before the callback, which may take long or add statements */
    if (statement) {
        queued_statement_finish(statement);
    }
}

static void on_down(struct sql_connection *connection, const struct error *why)
{
    struct sql_lane *lane = connection->owner;
    struct queued_statement *statement = connection->sent;

    connection->sent = NULL;
    connection->failure = NULL;
    lane->host->last_error = *why;
    back_off(lane);
    if (statement) {
        queued_statement_fail(statement, why);
    }
    if (lane->fails_when_down && !lane_is_up(lane)) {
        queued_statements_fail(&lane->queue, why);
    }
}

static const struct connection_events lane_events = {
    .up = on_up, .result = on_result, .complete = on_complete, .down = on_down
};

/* -- deadlines, cancelled statements and idle connections -------------------------------------- */

static void end_unsent(const struct sql_lane *lane, struct queued_statement *statement)
{
    const struct error *last_error = &lane->host->last_error;
    struct error *err = &statement->op->error;

    if (statement->cancelled) {
        error_set(err, ERROR_STOPPED, "the statement was stopped");
    } else if (!statement->failed && last_error->kind != ERROR_NONE) {
        *err = *last_error;
    } else if (!statement->failed) {
        error_set(err, ERROR_DATABASE, "all connections to the database were in use for too long");
    }
    queued_statement_finish(statement);
}

static void check_queue(struct sql_lane *lane, int64_t now_us)
{
    struct list_node *node = list_first(&lane->queue);

    while (node) {
        struct queued_statement *statement = queued_statement_of(node);

        if (!statement->cancelled && !statement->failed && statement->deadline_us > now_us) {
            node = list_next(&lane->queue, node);
        } else {
            list_remove(&statement->node);
            end_unsent(lane, statement);
            node = list_first(&lane->queue); /* the callback may have changed the queue */
        }
    }
}

/* The connection of a statement whose result is not awaited any more is closed, since the result
 * would arrive later. */
static void check_sent(struct sql_lane *lane, struct sql_connection *connection, int64_t now_us)
{
    struct queued_statement *statement = connection->sent;
    struct error why;

    if (!statement ||
        (!statement->cancelled && now_us < statement->deadline_us + SERVER_GRACE_US)) {
        return;
    }
    connection->sent = NULL;
    connection_close(connection, CLOSE_CANCEL);
    if (statement->cancelled) {
        error_set(&why, ERROR_STOPPED, "the statement was stopped");
    } else {
        error_set(&why, ERROR_DATABASE, "the database did not answer in time");
        lane->host->last_error = why;
    }
    queued_statement_fail(statement, &why);
}

static void on_timer(void *context)
{
    struct sql_lane *lane = context;
    int64_t now_us = clock_mono_us();

    if (lane->helper) {
        lane_use_helper(lane, now_us);
    }
    check_queue(lane, now_us);
    for (int i = 0; i < lane->most; i++) {
        struct sql_connection *connection = &lane->connections[i];

        check_sent(lane, connection, now_us);
        if (connection->state == CONNECTION_IDLE &&
            now_us - connection->idle_since_us > lane_idle_limit_us(lane, i)) {
            connection_close(connection, CLOSE_PLAIN);
        }
    }
    dispatch(lane);
    if (lane->least > 0 && !lane_is_up(lane)) {
        open_another(lane);
    }
}

/* -- the lane ---------------------------------------------------------------------------------- */

void lane_begin(struct sql_lane *lane, struct connection_host *host)
{
    lane->host = host;
    list_init(&lane->queue);
    for (int i = 0; i < lane->most; i++) {
        connection_init(&lane->connections[i], host, &lane_events, lane);
    }
    lane->timer = loop_timer_new(host->loop, on_timer, lane);
    loop_timer_start(lane->timer, LANE_CHECK_MS, LANE_CHECK_MS);
    if (lane->least > 0) {
        open_another(lane);
    }
}

bool lane_cancel(struct sql_lane *lane, const struct op *op)
{
    struct queued_statement *found = NULL;

    for (struct list_node *node = list_first(&lane->queue); node && !found;
         node = list_next(&lane->queue, node)) {
        found = queued_statement_of(node)->op == op ? queued_statement_of(node) : NULL;
    }
    for (int i = 0; i < lane->most && !found; i++) {
        struct queued_statement *sent = lane->connections[i].sent;

        found = sent && sent->op == op ? sent : NULL;
    }
    if (!found) {
        return false;
    }
    found->cancelled = true;
    lane_check_soon(lane);
    return true;
}

void lane_end(struct sql_lane *lane)
{
    struct error why;

    error_set(&why, ERROR_STOPPED, "the database connection is closed");
    for (int i = 0; i < lane->most; i++) {
        struct sql_connection *connection = &lane->connections[i];
        struct queued_statement *sent = connection->sent;

        connection->sent = NULL;
        connection_close(connection, sent ? CLOSE_CANCEL : CLOSE_PLAIN);
        if (sent) {
            queued_statement_fail(sent, &why);
        }
    }
    queued_statements_fail(&lane->queue, &why);
    loop_timer_free(lane->timer);
}

/* sql_internal.h - shared by the files of Postgres: connections as slots. */
#ifndef IO_POSTGRES_SQL_INTERNAL_H
#define IO_POSTGRES_SQL_INTERNAL_H
#include <libpq-fe.h>

#include "io/postgres/sql.h"

enum { REQUEST_FAILED = -1 };

struct request { /* one op, waiting or under way */
    struct request *next;
    struct op *op;
    sql_done_fn done;
    void *context;
    int64_t deadline_us; /* 0: cancelled; REQUEST_FAILED: op->error says why */
};

enum slot_state { SLOT_AWAY, SLOT_CONNECTING, SLOT_IDLE, SLOT_BUSY };

struct slot {
    struct sql *sql;
    const char *name;
    enum slot_state state;
    PGconn *conn;
    struct loop_socket *socket;
    struct loop_timer *timer;     /* reconnects, and checks deadlines */
    struct request *first, *last; /* the first is under way where the slot is busy */
    struct request *asked;        /* the one that was sent */
    uint32_t back_off_ms;
    bool listens;
    int hello; /* listen: how far LISTEN, lock and self-test came */
    struct connecting *connecting;
};

struct sql {
    struct loop *loop;
    struct sql_config config;
    char *channel, *application_name;
    struct slot urgent, work, listen;
    struct error trouble;
    bool listening;
    void (*wake)(void *context);
    void *wake_context;
    bool closing;
};

void slot_begin(struct sql *sql, struct slot *slot, const char *name, bool listens);
void slot_end(struct slot *slot); /* its requests end with ERROR_STOPPED */
void slot_add(struct slot *slot, struct request *request);
bool slot_cancel(struct slot *slot, struct op *op);
void slot_drop(struct slot *slot, const struct error *why); /* and connect again, later */

/* Connects, blocking; fails in words for people, no part of a password in them. */
PGconn *sql_connect(const struct database_url *url, const char *application_name,
                    struct error *err);

/* What a failed statement means for us. */
void sql_error_of(const PGresult *result, const PGconn *conn, struct error *err);

/* The text of sql/queries/<name>.sql; NULL: there is none. */
const char *sql_text(const char *name);
bool sql_value_of(const PGresult *result, struct blob *out, struct error *err) MUST_CHECK;

/* The listen connection: LISTEN, then the lock, then a NOTIFY to ourselves. */
void listen_begin(struct slot *slot);
void listen_result(struct slot *slot, PGresult *result);
void listen_notified(struct slot *slot);
#endif

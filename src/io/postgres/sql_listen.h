/* sql_listen.h - the connection that LISTENs and holds the advisory lock. */
#ifndef IO_POSTGRES_SQL_LISTEN_H
#define IO_POSTGRES_SQL_LISTEN_H
#include "io/postgres/sql_lane.h"

enum listen_step {
    LISTEN_DOWN,      /* not connected */
    LISTEN_SUBSCRIBE, /* LISTEN on the channel */
    LISTEN_OWN,       /* LISTEN on a channel of this process, for the proof */
    LISTEN_IDENTIFY,  /* ask for the backend's process id */
    LISTEN_PROVE,     /* another connection sends a NOTIFY, and looks the lock up */
    LISTEN_LOCK,      /* request the advisory lock */
    LISTEN_WAIT       /* until the next request of the lock, or the next proof */
};

struct sql_listen {
    struct connection_host *host; /* NULL: there is no listen connection */
    struct sql_lane *urgent;      /* performs the proof */
    char *channel;
    int64_t lock_key; /* 0: no lock */
    uint32_t proof_ms, lock_retry_ms;
    void (*wake)(void *context);
    void *wake_context;
    struct sql_connection connection;
    enum listen_step step;
    struct loop_timer *timer;
    int64_t step_deadline_us, proof_due_us;
    uint32_t back_off_ms;
    char own_channel[40];
    char token[20];       /* of the proof in progress */
    int backend;          /* process id of the session; 0: unknown */
    int answered_backend; /* what the last statement of this connection returned */
    bool answered_yes;
    struct op proof; /* the statement of the other connection, and its parameters */
    char proof_backend[16], proof_key[24], proof_token[20];
    bool proof_in_flight;
    bool proof_answered, token_received;
    bool lock_granted;    /* pg_try_advisory_lock returned true */
    bool lock_seen;       /* the other connection has seen that this session holds it */
    struct error problem; /* why notifications and lock do not work; ERROR_NONE: they may */
};

/* The caller has set urgent, channel, lock_key and the periods. host->sessions_proven is true while
 * the connection passes its proofs. */
void listen_begin(struct sql_listen *listen, struct connection_host *host);
void listen_end(struct sql_listen *listen);
#endif

/* worker_internal.h - shared by the files of the worker. */
#ifndef JOBS_WORKER_WORKER_INTERNAL_H
#define JOBS_WORKER_WORKER_INTERNAL_H
#include "jobs/engine/services.h"
#include "jobs/worker/worker.h"
#include "queue/queue_service.h"

/* A statement of the worker's own, and the arena that holds its parameters. */
struct pending_query {
    struct op op;
    struct arena *arena; /* NULL: not in flight */
};

struct service_probe { /* a free request to a stopped service, or a check of the store */
    struct worker *worker;
    struct service *service;    /* NULL: none is in flight */
    struct pending_query query; /* asks whether this worker may probe; its arena serves `op` too */
    struct op op;
    bool requesting; /* op is in flight */
    int64_t began_ms;
};

/* Leases are renewed so often that two renewals may fail before one expires. */
enum { LEASE_RENEWALS = 3 };

struct worker {
    struct worker_config config;
    struct engine *engine;
    struct pending_query claim, renewal, remaining, registration, unknown, answers;
    struct text returned_answers; /* jobs that were returned while the spool holds their answer: a
                                     Postgres array without its closing brace; data NULL: none */
    int64_t next_look_ms;         /* when running jobs are asked for kept answers again */
    int64_t next_answers_ms;      /* when the takeover time of kept answers is renewed */
    struct loop_timer *poll_timer, *tick_timer, *admission_timer;
    uint32_t heartbeat_ms; /* between heartbeats */
    int64_t next_heartbeat_ms, leases_renewed_ms;
    int64_t renewal_ms;     /* when the renewal in flight was sent, on the performer's clock */
    struct holder *renewed; /* the leases that the renewal in flight names */
    int renewed_count;
    bool renews_leases;     /* the renewal in flight names all leases */
    int claim_slots;        /* slots that the claim in flight asks to fill */
    bool claim_wanted;      /* there may be jobs to claim */
    bool claim_lost;        /* a claim failed: jobs may be leased to this worker without running */
    bool claims_one_by_one; /* the last claim failed */
    int unknown_failures;   /* of returning such jobs, in a row */
    bool registered;        /* the database has this worker's row */
    int64_t registered_key; /* the lock key in that row */
    int64_t sent_key;       /* of the registration in flight */
    int64_t removal_logged_ms; /* when it was logged last that the row was removed; 0: never */
    int64_t trouble_ms;        /* since when the database fails; 0: it works */
    bool lost_connection;      /* it was logged during this trouble that the connection was lost */
    int64_t retry_ms;          /* own statements are not sent before */
    uint32_t back_off_ms;      /* after a statement failed */
    bool renew_first;          /* after trouble: renew heartbeat and leases before anything else */
    bool polls_only;           /* it was logged that notifications do not arrive */
    struct pending_query service_report;
    struct service *reported;        /* by the report in flight */
    struct service_probe probes[2];  /* of providers and models; of the store */
    struct pending_query model_list; /* a request for a provider's list of models */
    int listed_endpoint;             /* whose list is read, or is next */
    int64_t next_list_ms;
    struct pending_query depth;            /* of the queue, for metrics */
    int64_t next_sample_ms, next_depth_ms; /* of metrics */
    int64_t timer_us;                      /* when tick_timer fired last; 0: never */
    bool trial_wanted;                     /* there may be a job that tries a stopped service */
    bool claims_trial;                     /* the claim in flight is for such a job */
    bool noted_store;                      /* it was logged that the bucket is not public */
    bool jobs_left;                        /* when they were counted last */
    bool drained;
    int64_t next_count_ms; /* while draining: when the jobs that are left are counted again */
    bool stopped;          /* deregistering: no other statements are begun */
    int stops;             /* calls of worker_stop */
    int64_t stop_deadline_ms;
    struct worker_counts counts;
    char last_warning[sizeof((struct error *)0)->text]; /* so that it is logged once */
};

/* worker_query.c */
const char *worker_own_name(const struct worker *worker);
void pending_query_open(struct pending_query *query);
void pending_query_begin(struct worker *worker, struct pending_query *query, op_done_fn done);
void pending_query_close(struct pending_query *query);
/* Logs an error unless it is the same as the last one. */
void worker_warn(struct worker *worker, const struct error *error);

/* worker_database.c */
/* One of the worker's own statements failed: it is repeated after a back-off. */
void worker_statement_failed(struct worker *worker, const struct error *error);
void worker_statement_succeeded(struct worker *worker);
bool worker_backs_off(const struct worker *worker);
/* Logs when the connection is lost, and when notifications stop or resume. */
void worker_check_database(struct worker *worker);
/* The key to register: that of the lock while it is held, else 0, so that only the heartbeat
 * counts. */
int64_t worker_lock_key(const struct worker *worker);

/* worker_answers.c */
/* Tells the database which jobs have their paid answer in this worker's spool. Does nothing if
 * there is nothing to tell, or a statement is in flight. */
void worker_keep_answers(struct worker *worker);
/* Notes a job that is returned to the queue while the spool holds its answer. */
void worker_note_answer(struct worker *worker, const char *job_id);

/* worker_lease.c. Each does nothing if there is nothing to do, or a statement is in flight. */
void worker_register(struct worker *worker);   /* also when the lock is gained or lost */
void worker_deregister(struct worker *worker); /* returns when it is done or has timed out */
void worker_renew(struct worker *worker);      /* the heartbeat, and at times all leases */
/* Returns jobs that a claim leased to this worker, but whose reply was lost. */
void worker_return_unknown(struct worker *worker);
#endif

/* queue_service.h - the states of services in the database, which all workers share. */
#ifndef QUEUE_QUEUE_SERVICE_H
#define QUEUE_QUEUE_SERVICE_H
#include "queue/queue.h"

struct service_report {
    const char *key;
    bool trial; /* the free probe succeeded and one job follows; the rest is not used */
    const char *state, *reason, *hint;
    bool checked;              /* a check has just found the state */
    uint32_t backoff_ms;       /* until the next probe */
    const char *const *models; /* that cannot be called; ended by NULL */
    const char *const *types;  /* job types that need the service; ended by NULL */
};
void queue_service_report(struct op *op, struct arena *arena, const char *worker,
                          const struct service_report *report);
/* *recovered: this report made a stopped service healthy; *waited: jobs that had to wait for it. */
bool queue_service_report_done(const struct op *op, bool *recovered, int64_t *waited,
                               struct error *err) MUST_CHECK;

/* Asks whether this worker may probe the service now; one worker at a time may. early: before the
 * backoff is over. */
void queue_service_probe(struct op *op, const char *worker, const char *key, bool early);
bool queue_service_probe_done(const struct op *op, bool *won, struct error *err) MUST_CHECK;

struct service_row {
    const char *key, *state, *reason, *hint; /* allocated in the arena */
    int64_t age_ms;                          /* of the trouble */
    int64_t probe_ms;                        /* until a worker may probe it */
    int failures;
    bool trial; /* this worker may use it for one job */
};
/* Reads the services from the reply of a renewal (those that are not healthy), a report or a probe
 * (that one). Returns how many; -1 if the reply cannot be read. */
int queue_service_rows(const struct op *op, struct arena *arena, struct service_row *out,
                       int capacity);
#endif

/* service_state.h - the state of a service that jobs depend on: a provider, a model, or the store.
 *
 * Trouble of a service is not the fault of a job. After several failures in a row the state stops
 * the claims that need the service. A probe follows each backoff, which grows with each failed
 * probe; a success makes the service healthy. All rules are in the table of service_rule. The
 * current time, in milliseconds, is always an argument. */
#ifndef JOBS_ENGINE_SERVICE_STATE_H
#define JOBS_ENGINE_SERVICE_STATE_H
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum service_status {
    SERVICE_HEALTHY,
    SERVICE_SLOW,          /* calls take most of their time limit */
    SERVICE_RATE_LIMITED,  /* busy again and again, or busy for longer than a minute */
    SERVICE_FAILING,       /* it answers with errors, or answers are damaged */
    SERVICE_UNREACHABLE,   /* no answer */
    SERVICE_KEY_REJECTED,  /* the key is not accepted */
    SERVICE_OUT_OF_CREDIT, /* the account is empty or over its limit */
    SERVICE_MISCONFIGURED, /* a bucket is missing, an account lacks a right, ... */
    SERVICE_UNREADABLE,    /* it answers in a form that this program does not know */
    SERVICE_RETIRED,       /* the model was shut down, or does not exist */
    SERVICE_STATUSES
};

struct service_rule {
    const char *name;       /* in the log, in `jobs`, and in the database */
    bool stops;             /* no calls, and no claims of jobs that need the service */
    bool needs_operator;    /* it does not pass by itself */
    int strikes;            /* failures in a row after which a healthy service gets this state */
    uint32_t first_ms;      /* backoff before the first probe, for a pause of 30 s (--pause) */
    uint32_t longest_ms;    /* longest backoff, for the same pause */
    const char *what_to_do; /* one sentence for operators */
};

/* Retry-After up to this is a delay in the provider queue; above it, a state. */
enum { SERVICE_SHORT_RETRY_MS = 60 * 1000, SERVICE_LONGEST_RETRY_MS = 3600 * 1000 };

const struct service_rule *service_rule(enum service_status status);
/* Returns SERVICE_STATUSES if no state has that name. */
enum service_status service_status_find(const char *name);
/* Returns the state that an error leads to; SERVICE_HEALTHY if it says nothing about a service. */
enum service_status service_status_of(const struct error *error);

struct service_state {
    enum service_status status;
    struct error reason;   /* of the last change; kind ERROR_NONE while healthy */
    int strikes;           /* failures in a row while the service may be used */
    bool worked;           /* a call has succeeded since the process started */
    int slow_calls;        /* in a row */
    int failures;          /* failed probes since the claims stopped */
    int64_t since_ms;      /* when the claims stopped; while they do not, of the last change */
    int64_t strike_ms;     /* of the last strike for a busy service */
    int64_t next_probe_ms; /* while the claims are stopped */
    uint32_t last_backoff_ms;
};

bool service_stopped(const struct service_state *state);

struct service_timing {
    uint32_t pause_ms; /* the setting `pause`, to which all backoffs are in proportion */
    uint32_t random;   /* for jitter */
};

/* A call, or a probe, that began at began_ms has failed. Returns true if the state has changed or a
 * probe has failed, which other workers must learn. A call that began before the claims stopped
 * changes nothing. */
bool service_state_fail(struct service_state *state, const struct error *why, int64_t began_ms,
                        int64_t now_ms, const struct service_timing *timing);

/* A call has succeeded. `limit_ms`: its time limit, 0 if it has none. Returns true if the state has
 * changed. */
bool service_state_succeed(struct service_state *state, int64_t began_ms, int64_t now_ms,
                           uint32_t limit_ms);

/* Returns the backoff after `failures` failed probes: at least half of it, and for a service that
 * asked for a delay not less than that, at most an hour. */
uint32_t service_backoff_ms(enum service_status status, int failures, uint32_t retry_ms,
                            const struct service_timing *timing);
#endif

/* backlog.h - responses that wait for their evaluation.
 *
 * Evaluation must not disturb the load. It runs on background threads at idle priority. Responses
 * beyond a memory limit are moved to disk until it is their turn. When the load has ended, the
 * loop's own thread evaluates as well. */
#ifndef BENCH_LOAD_BACKLOG_H
#define BENCH_LOAD_BACKLOG_H
#include "bench/load/run_clock.h"

struct backlog;
struct bench_request;

struct backlog_limits {     /* bytes of response bodies in memory */
    size_t memory_bytes;    /* beyond it, a background thread moves bodies to disk */
    size_t spill_now_bytes; /* beyond it, the loop's thread moves each new body to disk itself */
    size_t full_bytes;      /* from here on the disk is too slow: the runner must stop sending */
};

/* `evaluated` is called on the loop's thread with each request whose outcome is known; it may free
 * the request. */
struct backlog *backlog_new(const struct run_clock *run_clock, const struct backlog_limits *limits,
                            void (*evaluated)(struct bench_request *request));
void backlog_free(struct backlog *backlog); /* it must be empty */

void backlog_add(struct backlog *backlog, struct bench_request *request);
bool backlog_is_full(const struct backlog *backlog);
/* Returns how many requests are in it, with those being evaluated. */
int backlog_count(const struct backlog *backlog);
/* Returns how many bodies were moved to disk so far. */
size_t backlog_spilled(const struct backlog *backlog);

/* Evaluates one request on the calling thread. Returns false if none waits; some may be under
 * evaluation on other threads. */
bool backlog_evaluate_one(struct backlog *backlog);
/* Completes all waiting requests as OUTCOME_ABORTED without evaluating them. */
void backlog_drop(struct backlog *backlog);
#endif

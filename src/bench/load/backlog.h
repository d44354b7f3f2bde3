/* backlog.h - answers that came and are still to be judged, which must never get in the way of the
 * load: they are judged in the background, when nobody else wants the processor; what would fill
 * the memory meanwhile waits on disk; and once the load is over, the loop's own thread helps. */
#ifndef BENCH_LOAD_BACKLOG_H
#define BENCH_LOAD_BACKLOG_H
#include "bench/load/run_clock.h"

struct bench_request;
struct backlog;

struct backlog_limits {
    size_t memory_bytes;    /* bytes of answers that wait there; more go to disk */
    size_t spill_now_bytes; /* bytes in memory, where the loop's own thread puts aside what comes */
    size_t full_bytes; /* bytes in memory, where disk is too slow for what comes: take no more */
};

/* `judged` is told each request whose sample has its outcome; it may free it. */
struct backlog *backlog_new(const struct run_clock *run_clock, const struct backlog_limits *limits,
                            void (*evaluated)(struct bench_request *request));
void backlog_free(struct backlog *backlog); /* once it is empty */

void backlog_add(struct backlog *backlog, struct bench_request *request);
bool backlog_is_full(const struct backlog *backlog);
int backlog_count(const struct backlog *backlog);
size_t backlog_spilled(const struct backlog *backlog); /* how many answers went to disk */

/* Judges one here and now; false: none waits (some may be under way). */
bool backlog_evaluate_one(struct backlog *backlog);
/* All that wait are told as OUTCOME_ABORTED, unjudged. */
void backlog_drop(struct backlog *backlog);
#endif

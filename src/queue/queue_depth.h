/* queue_depth.h - how many jobs the database holds, for metrics. */
#ifndef QUEUE_QUEUE_DEPTH_H
#define QUEUE_QUEUE_DEPTH_H
#include "base/arena.h"
#include "io/op.h"

struct queue_depth { /* the jobs of one type in one state */
    const char *type, *status;
    int64_t count; /* at most 100,000 */
};

void queue_depth(struct op *op);

/* Writes at most `capacity` rows to `out`, allocated from the arena, and returns in *oldest_ms the
 * age of the oldest pending job that is not paused; 0 if there is none. */
bool queue_depth_done(const struct op *op, struct arena *arena, struct queue_depth *out,
                      int capacity, int *count, int64_t *oldest_ms, struct error *err) MUST_CHECK;
#endif

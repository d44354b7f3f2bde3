/* idle_pool.h - threads that only run when no other thread on this machine needs the processor
 * (SCHED_IDLE), so that they do not delay the loop.
 *
 * They are not part of the loop's pool and share no lock with the loop: an idle thread that is not
 * scheduled while it holds a lock would block the loop. */
#ifndef IO_IDLE_POOL_H
#define IO_IDLE_POOL_H
#include "io/loop.h"

struct idle_pool;
/* threads: 0 = one per processor. */
struct idle_pool *idle_pool_new(struct loop *loop, int threads, struct error *err) MUST_CHECK;
void idle_pool_free(struct idle_pool *pool); /* all work must be done; NULL is harmless */
int idle_pool_threads(const struct idle_pool *pool);

/* Runs `run` on one of the threads, then `done` on the loop. Returns false if no thread is free. */
bool idle_pool_submit(struct idle_pool *pool, bool (*run)(void *arg, struct error *err), void *arg,
                      void (*done)(void *context, const struct error *err),
                      void *context) MUST_CHECK;
#endif

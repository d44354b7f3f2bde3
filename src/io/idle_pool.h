/* idle_pool.h - threads that work only when nothing else on this machine wants the processor, so
 * that the loop always goes first.
 *
 * They are no part of the loop's pool, and share no lock with the loop: a thread that is passed
 * over while it holds one would make the loop wait for the idlest of all. */
#ifndef IO_IDLE_POOL_H
#define IO_IDLE_POOL_H
#include "io/loop.h"

struct idle_pool;
/* threads: 0 = one per processor. */
struct idle_pool *idle_pool_new(struct loop *loop, int threads, struct error *err) MUST_CHECK;
void idle_pool_free(struct idle_pool *background); /* once all is done; NULL is harmless */
int idle_pool_threads(const struct idle_pool *background);

/* Runs `run` on one of the threads, then `done` on the loop. At most as many at once as there are
 * threads: false where none is free. */
bool idle_pool_submit(struct idle_pool *background, bool (*run)(void *arg, struct error *err),
                      void *arg, void (*done)(void *context, const struct error *err),
                      void *context) MUST_CHECK;
#endif

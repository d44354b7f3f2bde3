/* loop_lag.h - how long events wait until the loop handles them.
 *
 * Two measurements. First, the earliest time at which the current events can have become ready: the
 * loop slept until then, or was busy since, or waited for a processor. Second, a kernel timer that
 * expires every 2 ms, and how late the loop handles each expiry, including those it missed. */
#ifndef IO_LOOP_LAG_H
#define IO_LOOP_LAG_H
#include "io/loop.h"

typedef void (*loop_lag_fn)(int64_t late_us, void *context);

struct loop_lag;
/* Must be called on the loop's thread. `sample` is called for every expiry, 500 times a second; if
 * it is NULL there is no timer. */
struct loop_lag *loop_lag_new(struct loop *loop, loop_lag_fn sample, void *context,
                              struct error *err) MUST_CHECK;
void loop_lag_free(struct loop_lag *lag); /* before its loop is freed; NULL is harmless */

/* In a callback of the loop: the earliest time (clock_mono_us) at which its event can have become
 * ready. */
int64_t loop_lag_ready_us(struct loop_lag *lag);

/* How long the loop's thread waited for a processor since loop_lag_new. Returns -1 if the kernel
 * does not report it. */
int64_t loop_lag_run_queue_us(struct loop_lag *lag);
#endif

/* loop_lag.h - how long what is ready waits until the loop comes to it.
 *
 * Two views. Since when what the loop is told of can have been ready: it slept until then, or was
 * busy with other things since, or waited itself for a processor. And a heartbeat: a timer of the
 * kernel's that beats every two milliseconds, and how late the loop hears each beat, also those
 * that passed while it heard none. */
#ifndef IO_LOOP_LAG_H
#define IO_LOOP_LAG_H
#include "io/loop.h"

typedef void (*loop_lag_fn)(int64_t late_us, void *context);

struct loop_lag;
/* On the loop's own thread; costs some 500 wake-ups a second. `beat` may be NULL: no heartbeat. */
struct loop_lag *loop_lag_new(struct loop *loop, loop_lag_fn beat, void *context,
                              struct error *err) MUST_CHECK;
void loop_lag_free(struct loop_lag *lag); /* before its loop; NULL is harmless */

/* Within a callback of the loop: the earliest moment (clock_mono_us) at which what it is told of
 * can have happened. */
int64_t loop_lag_ready_us(struct loop_lag *lag);

/* How long the loop's thread was ready to run while others had the processor, since loop_lag_new;
 * -1: this kernel does not say. */
int64_t loop_lag_run_queue_us(struct loop_lag *lag);
#endif

/* run_clock.c - the loop, the monotonic clock, the background. */
#include "bench/load/run_clock.h"

#include <stdlib.h>

#include "base/clock.h"

static int64_t now_us(void *context)
{
    (void)context;
    return clock_mono_us();
}

static void wait_until(void *context, int64_t at_us)
{
    struct means *means = context;

    loop_wait_until(means->loop, at_us);
}

static void work(void *context, const struct work_request *ask,
                 void (*done)(void *context, const struct error *err), void *done_context)
{
    struct means *means = context;

    if (!idle_pool_submit(means->background, ask->run, ask->arg, done, done_context)) {
        abort(); /* more than there are places */
    }
}

struct pace pace_of(struct means *means)
{
    return (struct pace){ .now_us = now_us,
                          .wait_until = wait_until,
                          .work = work,
                          .places = idle_pool_threads(means->background),
                          .context = means,
                          .lag = means->lag };
}

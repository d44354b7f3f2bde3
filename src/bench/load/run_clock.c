/* run_clock.c - the clock of a real run: the loop, the monotonic clock and the idle pool. */
#include "bench/load/run_clock.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"

static int64_t now_us(void *context)
{
    (void)context;
    return clock_mono_us();
}

static void wait_until(void *context, int64_t at_us)
{
    struct run_context *run = context;

    loop_wait_until(run->loop, at_us);
}

static void work(void *context, const struct work_request *task,
                 void (*done)(void *context, const struct error *err), void *done_context)
{
    struct run_context *run = context;

    if (!idle_pool_submit(run->background, task->run, task->arg, done, done_context)) {
        FATAL("more tasks at once than max_parallel");
    }
}

struct run_clock run_clock_of(struct run_context *context)
{
    return (struct run_clock){ .now_us = now_us,
                               .wait_until = wait_until,
                               .work = work,
                               .max_parallel = idle_pool_threads(context->background),
                               .context = context,
                               .lag = context->lag };
}

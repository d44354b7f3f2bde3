/* process_metrics.c - publishes the state of memory budget, decoder processes and process. */
#include "app/telemetry/process_metrics.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "decoder/decoder_pool.h"
#include "image/memory_budget.h"
#include "telemetry/metrics.h"

enum { SAMPLE_MS = 1000 };

/* The second number of /proc/self/statm: resident pages. Returns -1 if the system has no such file.
 */
static int64_t resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    long long pages = -1;

    if (!file) {
        return -1;
    }
    if (fscanf(file, "%*s %lld", &pages) != 1) { /* NOLINT(cert-err34-c): from the kernel */
        pages = -1;
    }
    fclose(file);
    return pages < 0 ? -1 : pages * sysconf(_SC_PAGESIZE);
}

static void sample(void *context)
{
    struct memory_budget_state memory = memory_budget_state();
    struct decoder_pool_state decoder = decoder_pool_state();
    int64_t resident = resident_bytes();

    (void)context;
    if (memory.limit != SIZE_MAX) {
        metric_set(METRIC_MEMORY_BUDGET_LIMIT, NULL, (int64_t)memory.limit);
    }
    metric_set(METRIC_MEMORY_BUDGET_USED, NULL, (int64_t)memory.used);
    metric_set(METRIC_MEMORY_BUDGET_WAITS, NULL, memory.waited);
    metric_set(METRIC_DECODER_IMAGES, METRIC_VALUES("decoded"), decoder.images);
    metric_set(METRIC_DECODER_IMAGES, METRIC_VALUES("failed"), decoder.failed);
    metric_set(METRIC_DECODER_RESTARTS, NULL, decoder.lost);
    metric_set(METRIC_PROCESS_CPU, NULL, clock_process_cpu_us());
    if (resident >= 0) {
        metric_set(METRIC_PROCESS_MEMORY, NULL, resident);
    }
}

struct loop_timer *process_metrics_start(struct loop *loop)
{
    struct loop_timer *timer = loop_timer_new(loop, sample, NULL);

    loop_timer_start(timer, 0, SAMPLE_MS);
    return timer;
}

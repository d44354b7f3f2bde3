/* process_metrics.h - memory, decoder processes and processor time of this process as metrics. */
#ifndef APP_TELEMETRY_PROCESS_METRICS_H
#define APP_TELEMETRY_PROCESS_METRICS_H
#include "io/loop.h"

/* Starts a timer on the loop that publishes them once a second. Free it with loop_timer_free. */
struct loop_timer *process_metrics_start(struct loop *loop);
#endif

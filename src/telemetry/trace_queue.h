/* trace_queue.h - the ended spans that wait to be sent. */
#ifndef TELEMETRY_TRACE_QUEUE_H
#define TELEMETRY_TRACE_QUEUE_H
#include "base/text.h"
#include "telemetry/trace_sampler.h"

/* As in the specification of OpenTelemetry's batch processor: OTEL_BSP_MAX_QUEUE_SIZE and
 * OTEL_BSP_MAX_EXPORT_BATCH_SIZE. */
enum { TRACE_QUEUE = 2048, TRACE_BATCH = 512 };

/* Switches spans on. `wake` is called when a batch is full. */
void trace_queue_open(const struct trace_sampler *sampler, void (*wake)(void *context),
                      void *context);
void trace_queue_close(void); /* drops what waits */

int trace_queue_size(void);
/* Appends at most TRACE_BATCH spans as JSON objects, separated by commas, and removes them from the
 * queue; returns how many. */
int trace_queue_take(struct text *out);
#endif

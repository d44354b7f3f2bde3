/* metrics_page.h - all metrics as a page that Prometheus reads. */
#ifndef TELEMETRY_METRICS_PAGE_H
#define TELEMETRY_METRICS_PAGE_H
#include <stdint.h>

#include "base/text.h"

/* Prometheus's text format 0.0.4, and OpenMetrics 1.0.0. */
enum metrics_format { METRICS_TEXT, METRICS_OPENMETRICS };

/* Chooses the format by the Accept header of a request; NULL or anything else: the text format. */
enum metrics_format metrics_format_of(const char *accept);
const char *metrics_content_type(enum metrics_format format);

/* Appends the page. May be called on any thread. */
void metrics_page(enum metrics_format format, struct text *out);

/* Returns when metrics_page was last called, on clock_mono_us; 0: never. */
int64_t metrics_read_us(void);
#endif

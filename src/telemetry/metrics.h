/* metrics.h - counters, gauges and histograms of this process.
 *
 * metrics.inc lists all metrics. A series is one metric with one set of label values. Any thread
 * may write; writing neither blocks nor allocates memory once the series exists. Readers take no
 * lock, so they never delay a writer.
 *
 * Values are integers: microseconds of metrics in seconds, microdollars of metrics in USD, else the
 * unit itself. */
#ifndef TELEMETRY_METRICS_H
#define TELEMETRY_METRICS_H
#include <stdbool.h>
#include <stdint.h>

enum metric_type { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM };
enum metric_unit { METRIC_NONE, METRIC_SECONDS, METRIC_BYTES, METRIC_USD };

enum { METRIC_LABELS = 3, METRIC_BUCKETS = 16, METRIC_SERIES = 256 };

enum metric {
#define METRIC(id, name, type, unit, buckets, labels, help) METRIC_##id,
#include "telemetry/metrics.inc"
#undef METRIC
    METRICS
};

struct metric_definition {
    const char *name; /* without prefix and suffix */
    enum metric_type type;
    enum metric_unit unit;
    const double *buckets; /* upper bounds of a histogram, in its unit; ends with 0 */
    const char *labels[METRIC_LABELS];
    const char *help;
};
extern const struct metric_definition metric_table[METRICS];

/* The values of a metric's labels, in their order: METRIC_VALUES("openai", "gpt-image-2"). */
#define METRIC_VALUES(...) ((const char *const[METRIC_LABELS]){ __VA_ARGS__ })

/* Adds to a counter or gauge. `values` is NULL for a metric without labels. A value that is NULL
 * counts as "". If a metric has METRIC_SERIES series, further ones are counted as "other". */
void metric_add(enum metric metric, const char *const *values, int64_t amount);
/* Sets a gauge, or a counter to a count that is kept elsewhere and never falls. */
void metric_set(enum metric metric, const char *const *values, int64_t value);
/* Adds one sample to a histogram; a negative one counts as 0. */
void metric_observe(enum metric metric, const char *const *values, int64_t sample);
/* Creates a series with the value 0, so that its first increase is visible as one. */
void metric_declare(enum metric metric, const char *const *values);

struct metric_sample { /* the value of a series at one moment */
    const char *values[METRIC_LABELS];
    int64_t value;                   /* of a histogram: the sum of its samples */
    int64_t buckets[METRIC_BUCKETS]; /* samples up to each bound, and not up to a lower one; the
                                        last: above all bounds */
};

/* Reads a series. Returns false if there are no more. The texts stay valid. */
bool metric_read(enum metric metric, int index, struct metric_sample *out);
int metric_bound_count(enum metric metric); /* of a histogram's table of upper bounds */
#endif

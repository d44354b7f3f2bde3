/* metrics.c - the series of all metrics, in memory. */
#include "telemetry/metrics.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* The longest value of a label, in bytes; longer ones are cut. */
enum { LABEL_BYTES = 120 };

/* Image calls take up to minutes, so the usual buckets, which end at 10 seconds, are too short. */
static const double LONG_BUCKETS[] = { 0.5, 1,  2,  5,   10,  15,  20,  30,
                                       45,  60, 90, 120, 180, 300, 600, 0 };
static const double SHORT_BUCKETS[] = { 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                        0.25,  0.5,    1,     2.5,  5,     0 };
#define NO_BUCKETS NULL
#define NO_LABELS                                                                                  \
    {                                                                                              \
        NULL                                                                                       \
    }
#define LABELS(...)                                                                                \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

const struct metric_definition metric_table[METRICS] = {
#define METRIC(id, name, type, unit, buckets, labels, help)                                        \
    [METRIC_##id] = { name, METRIC_##type, METRIC_##unit, buckets, labels, help },
#include "telemetry/metrics.inc"
#undef METRIC
};

struct metric_series {
    char *values[METRIC_LABELS]; /* never changed */
    _Atomic int64_t value;       /* of a histogram: the sum of its samples */
    _Atomic int64_t buckets[METRIC_BUCKETS];
};

/* Series are only added: one that a reader has seen stays. `count` is raised after the series was
 * written, so a reader that has loaded it sees complete series only. */
struct series_list {
    struct metric_series *series[METRIC_SERIES];
    atomic_int count;
};

static struct series_list lists[METRICS];
static pthread_mutex_t creation = PTHREAD_MUTEX_INITIALIZER; /* readers do not take it */

static const char *value_of(const char *const *values, int i)
{
    return values && values[i] ? values[i] : "";
}

static bool has_values(const struct metric_series *series, const char *const *values)
{
    for (int i = 0; i < METRIC_LABELS; i++) {
        if (strncmp(series->values[i], value_of(values, i), LABEL_BYTES) != 0) {
            return false;
        }
    }
    return true;
}

static struct metric_series *find(const struct series_list *list, const char *const *values)
{
    int count = atomic_load_explicit(&list->count, memory_order_acquire);

    for (int i = 0; i < count; i++) {
        if (has_values(list->series[i], values)) {
            return list->series[i];
        }
    }
    return NULL;
}

static struct metric_series *create(struct series_list *list, const char *const *values)
{
    struct metric_series *series = xcalloc(1, sizeof *series);

    for (int i = 0; i < METRIC_LABELS; i++) {
        series->values[i] = xstrndup(value_of(values, i), LABEL_BYTES);
    }
    list->series[list->count] = series;
    atomic_fetch_add_explicit(&list->count, 1, memory_order_release);
    return series;
}

/* The last place of a full list holds the series of all further values. */
static struct metric_series *series_of(enum metric metric, const char *const *values)
{
    static const char *const other[METRIC_LABELS] = { "other", "other", "other" };
    struct series_list *list = &lists[metric];
    struct metric_series *series = find(list, values);

    if (series) {
        return series;
    }
    pthread_mutex_lock(&creation);
    series = find(list, values); /* another thread may have created it since */
    if (!series && list->count >= METRIC_SERIES - 1) {
        series = find(list, other);
        values = other;
    }
    if (!series) {
        series = create(list, values);
    }
    pthread_mutex_unlock(&creation);
    return series;
}

void metric_declare(enum metric metric, const char *const *values)
{
    (void)series_of(metric, values);
}

void metric_add(enum metric metric, const char *const *values, int64_t amount)
{
    atomic_fetch_add_explicit(&series_of(metric, values)->value, amount, memory_order_relaxed);
}

void metric_set(enum metric metric, const char *const *values, int64_t value)
{
    atomic_store_explicit(&series_of(metric, values)->value, value, memory_order_relaxed);
}

int metric_bound_count(enum metric metric)
{
    const double *bounds = metric_table[metric].buckets;
    int count = 0;

    while (bounds && bounds[count] > 0) {
        count++;
    }
    return count;
}

void metric_observe(enum metric metric, const char *const *values, int64_t sample)
{
    struct metric_series *series = series_of(metric, values);
    const double *bounds = metric_table[metric].buckets;
    int bucket = 0;

    sample = sample > 0 ? sample : 0;
    while (bounds[bucket] > 0 && (double)sample > bounds[bucket] * 1e6) {
        bucket++;
    }
    atomic_fetch_add_explicit(&series->value, sample, memory_order_relaxed);
    atomic_fetch_add_explicit(&series->buckets[bucket], 1, memory_order_relaxed);
}

bool metric_read(enum metric metric, int index, struct metric_sample *out)
{
    const struct series_list *list = &lists[metric];
    const struct metric_series *series;

    if (index >= atomic_load_explicit(&list->count, memory_order_acquire)) {
        return false;
    }
    series = list->series[index];
    for (int i = 0; i < METRIC_LABELS; i++) {
        out->values[i] = series->values[i];
    }
    out->value = atomic_load_explicit(&series->value, memory_order_relaxed);
    for (int i = 0; i < METRIC_BUCKETS; i++) {
        out->buckets[i] = atomic_load_explicit(&series->buckets[i], memory_order_relaxed);
    }
    return true;
}

/* metrics_page.c - writes the exposition formats of Prometheus.
 *
 * https://github.com/prometheus/docs: exposition_formats; OpenMetrics 1.0.0. Both list a family
 * with its help, type and series. In OpenMetrics the name of a counter's family lacks "_total",
 * bounds are numbers with a fraction, and the page ends with "# EOF". */
#include "telemetry/metrics_page.h"

#include <inttypes.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "telemetry/metrics.h"

static _Atomic int64_t read_us;

int64_t metrics_read_us(void)
{
    return atomic_load(&read_us);
}

/* -- choosing the format ----------------------------------------------------------------------- */

/* Returns the quality that an Accept header gives to a type whose name begins at `at`; 0 to 1. */
static double quality_at(const char *at)
{
    const char *end = at + strcspn(at, ",");

    for (const char *q = at; (q = strchr(q, ';')) && q < end;) {
        q++;
        q += strspn(q, " \t");
        if ((*q == 'q' || *q == 'Q') && q[1] == '=') {
            double quality = strtod(q + 2, NULL);

            return quality >= 0 && quality <= 1 ? quality : 0;
        }
    }
    return 1;
}

/* Returns the highest quality of a media type; 0 if the header does not name it. */
static double quality_of(const char *accept, const char *type)
{
    size_t length = strlen(type);
    double best = 0;

    for (const char *at = accept; *at; at += *at == ',') {
        at += strspn(at, " \t");
        if (strncasecmp(at, type, length) == 0 && strchr(",; \t", at[length])) {
            best = fmax(best, quality_at(at));
        }
        at += strcspn(at, ",");
    }
    return best;
}

enum metrics_format metrics_format_of(const char *accept)
{
    double open;

    if (!accept) {
        return METRICS_TEXT;
    }
    open = quality_of(accept, "application/openmetrics-text");
    return open > 0 && open >= quality_of(accept, "text/plain") ? METRICS_OPENMETRICS
                                                                : METRICS_TEXT;
}

const char *metrics_content_type(enum metrics_format format)
{
    return format == METRICS_OPENMETRICS
               ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
               : "text/plain; version=0.0.4; charset=utf-8";
}

/* -- values ------------------------------------------------------------------------------------ */

static void add_value(struct text *out, enum metric_unit unit, int64_t value)
{
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char fraction[8];
    size_t digits = 6;

    if (unit != METRIC_SECONDS && unit != METRIC_USD) {
        text_printf(out, "%" PRId64, value);
        return;
    }
    snprintf(fraction, sizeof fraction, "%06u", (unsigned)(size % 1000000));
    while (digits > 0 && fraction[digits - 1] == '0') {
        digits--;
    }
    text_printf(out, "%s%" PRIu64 "%s%.*s", value < 0 ? "-" : "", size / 1000000,
                digits > 0 ? "." : "", (int)digits, fraction);
}

static void add_bound(struct text *out, enum metrics_format format, double bound)
{
    text_printf(out, "%g%s", bound,
                format == METRICS_OPENMETRICS && bound == floor(bound) ? ".0" : "");
}

/* Both formats escape three characters. Other control characters become spaces. */
static void add_label_value(struct text *out, const char *value)
{
    for (; *value; value++) {
        if (*value == '\\' || *value == '"') {
            text_add_char(out, '\\');
        }
        if (*value == '\n') {
            text_add(out, "\\n");
        } else {
            text_add_char(out, (unsigned char)*value < ' ' || *value == 127 ? ' ' : *value);
        }
    }
}

/* -- series ------------------------------------------------------------------------------------ */

struct page {
    struct text *out;
    enum metrics_format format;
    const struct metric_definition *metric;
};

/* Writes the name and the labels, up to the last one; `open` says if there are labels so far. */
static bool begin_line(const struct page *page, const char *suffix,
                       const struct metric_sample *sample)
{
    bool open = false;

    text_printf(page->out, "darkroom_%s%s", page->metric->name, suffix);
    for (int i = 0; i < METRIC_LABELS && page->metric->labels[i]; i++) {
        text_printf(page->out, "%s%s=\"", open ? "," : "{", page->metric->labels[i]);
        add_label_value(page->out, sample->values[i]);
        text_add_char(page->out, '"');
        open = true;
    }
    return open;
}

static void end_labels(const struct page *page, bool open)
{
    text_add(page->out, open ? "} " : " ");
}

static void add_histogram(const struct page *page, const struct metric_sample *sample, int bounds)
{
    int64_t count = 0;

    for (int i = 0; i <= bounds; i++) {
        bool open = begin_line(page, "_bucket", sample);

        count += sample->buckets[i];
        text_add(page->out, open ? ",le=\"" : "{le=\"");
        if (i < bounds) {
            add_bound(page->out, page->format, page->metric->buckets[i]);
        } else {
            text_add(page->out, "+Inf");
        }
        text_printf(page->out, "\"} %" PRId64 "\n", count);
    }
    end_labels(page, begin_line(page, "_sum", sample));
    add_value(page->out, page->metric->unit, sample->value);
    text_add_char(page->out, '\n');
    end_labels(page, begin_line(page, "_count", sample));
    text_printf(page->out, "%" PRId64 "\n", count); /* of these buckets, even if one is added now */
}

static void add_series(const struct page *page, const struct metric_sample *sample, int bounds)
{
    if (page->metric->type == METRIC_HISTOGRAM) {
        add_histogram(page, sample, bounds);
        return;
    }
    end_labels(page,
               begin_line(page, page->metric->type == METRIC_COUNTER ? "_total" : "", sample));
    add_value(page->out, page->metric->unit, sample->value);
    text_add_char(page->out, '\n');
}

/* -- families ---------------------------------------------------------------------------------- */

static const char *unit_name(enum metric_unit unit)
{
    return unit == METRIC_SECONDS ? "seconds" : unit == METRIC_BYTES ? "bytes" : "usd";
}

static void add_head(const struct page *page)
{
    static const char *const types[] = { "counter", "gauge", "histogram" };
    const struct metric_definition *metric = page->metric;
    bool open = page->format == METRICS_OPENMETRICS;
    const char *suffix = !open && metric->type == METRIC_COUNTER ? "_total" : "";

    text_printf(page->out, "# HELP darkroom_%s%s %s\n", metric->name, suffix, metric->help);
    text_printf(page->out, "# TYPE darkroom_%s%s %s\n", metric->name, suffix, types[metric->type]);
    if (open && metric->unit != METRIC_NONE) {
        text_printf(page->out, "# UNIT darkroom_%s %s\n", metric->name, unit_name(metric->unit));
    }
}

/* A counter or histogram without labels exists from the start. */
static void add_family(const struct page *page, enum metric metric)
{
    const struct metric_definition *definition = page->metric;
    struct metric_sample sample = { .value = 0 };
    int bounds = metric_bound_count(metric), count = 0;

    add_head(page);
    while (metric_read(metric, count, &sample)) {
        add_series(page, &sample, bounds);
        count++;
    }
    if (count == 0 && !definition->labels[0] && definition->type != METRIC_GAUGE) {
        add_series(page, &sample, bounds);
    }
}

void metrics_page(enum metrics_format format, struct text *out)
{
    struct page page = { .out = out, .format = format };

    atomic_store(&read_us, clock_mono_us());
    for (int i = 0; i < METRICS; i++) {
        page.metric = &metric_table[i];
        add_family(&page, (enum metric)i);
    }
    if (format == METRICS_OPENMETRICS) {
        text_add(out, "# EOF\n");
    }
}

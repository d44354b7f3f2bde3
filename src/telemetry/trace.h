/* trace.h - spans of jobs, steps and calls, for OpenTelemetry.
 *
 * Off until trace_start; then each ended span is kept in a bounded queue, from which otlp.c sends
 * batches to the collector. Only for the loop's thread. A span that does not fit is dropped and
 * counted. */
#ifndef TELEMETRY_TRACE_H
#define TELEMETRY_TRACE_H
#include <stdbool.h>
#include <stdint.h>

enum { TRACE_ID = 16, SPAN_ID = 8, SPAN_ATTRIBUTES = 24, TRACEPARENT = 55 };

struct trace_context {
    uint8_t trace_id[TRACE_ID], span_id[SPAN_ID];
    bool is_set; /* false: all others are zero */
    bool sampled;
};

enum span_kind { SPAN_INTERNAL = 1, SPAN_CLIENT = 3, SPAN_CONSUMER = 5 }; /* as in OTLP */

struct span_attribute {
    const char *key;
    const char *text; /* NULL: use `number` */
    double number;
    bool is_whole; /* `number` is sent as an integer */
};

struct span {
    struct trace_context context;
    uint8_t parent_id[SPAN_ID]; /* zero: the root of its trace */
    const char *name;
    enum span_kind kind;
    int64_t began_us, ended_us; /* of clock_mono_us */
    const char *error;          /* the class of the error; NULL: none */
    struct span_attribute attributes[SPAN_ATTRIBUTES];
    int attribute_count;
};

bool trace_is_on(void);

/* Reads a W3C traceparent ("00-TRACE-SPAN-01"). Returns false, with *out not set, if it is not
 * valid. */
bool traceparent_read(const char *text, struct trace_context *out);

/* Begins a span below `parent`, or a trace of its own if that is not set. *out is not set if spans
 * are off. The span is only sent if it is sampled: as its parent, or as the sampler decides. */
void trace_begin(const struct trace_context *parent, struct trace_context *out);

/* Further attributes of a full span are left out. The texts are borrowed until span_end. A text
 * that is NULL or empty adds nothing. */
void span_text(struct span *span, const char *key, const char *text);
void span_whole(struct span *span, const char *key, int64_t number);
void span_number(struct span *span, const char *key, double number);

/* Keeps a span that has ended, if it is sampled. */
void span_end(const struct span *span);
#endif

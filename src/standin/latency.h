/* latency.h - how long an answer takes: distributions by name, drawn from a seed. */
#ifndef STANDIN_LATENCY_H
#define STANDIN_LATENCY_H
#include <stdint.h>

#include "base/error.h"
#include "base/random.h"

enum latency_kind {
    LATENCY_CONSTANT,  /* constant:MS */
    LATENCY_UNIFORM,   /* uniform:FROM:TO */
    LATENCY_LOGNORMAL, /* lognormal:MEDIAN:P95 */
    LATENCY_BIMODAL,   /* bimodal:FAST:SLOW:SHARE_OF_SLOW, each +-10 % */
    LATENCY_PARETO     /* pareto:LEAST:ALPHA */
};

struct latency {
    /* "images", "edits", "responses", "chat", "storage"; "batches": of a whole batch; "": the rest
     */
    char route[16];
    enum latency_kind kind;
    double a, b, c;
};

enum { LATENCIES = 8 };

struct latencies {
    struct latency rows[LATENCIES];
    int count;
};

/* "SPEC" or "ROUTE=SPEC", split by commas. NULL: everything at once. */
bool latencies_parse(const char *text, struct latencies *out, struct error *err) MUST_CHECK;
/* Milliseconds, at most ten minutes; a route without a row takes the row without a route, storage
 * and lists of models alone take none. */
double latencies_draw(const struct latencies *latencies, const char *route, uint64_t *state);
#endif

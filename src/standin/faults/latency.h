/* latency.h - how long an answer takes: named distributions, sampled at random from a seed, or with
 * stratified sampling, which takes each of a set of quantiles once so that percentiles are exact.
 */
#ifndef STANDIN_FAULTS_LATENCY_H
#define STANDIN_FAULTS_LATENCY_H
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
    /* "images", "edits", "responses", "chat", "storage"; "batches": duration of a batch; "": other
     * routes
     */
    char route[16];
    enum latency_kind kind;
    double a, b, c;
    uint32_t *quantile_order; /* shuffled quantile numbers; NULL before the first sample */
    int quantiles_used;       /* of quantile_order */
};

enum { LATENCIES = 8 };

struct latencies {
    struct latency rows[LATENCIES];
    int count;
    int quantiles_per_set; /* of this many consecutive answers, the i-th shortest has the latency at
                   quantile (i - 0.5) / quantiles_per_set; 0: random sampling */
};

/* Parses "SPEC" or "ROUTE=SPEC", separated by commas. NULL: no latency. */
bool latencies_parse(const char *text, int quantiles_per_set, struct latencies *out,
                     struct error *err) MUST_CHECK;
/* Returns milliseconds, at most ten minutes. A route without a row uses the row without a route;
 * storage and models then have no latency. */
double latencies_next(struct latencies *latencies, const char *route, uint64_t *state);
void latencies_shuffle(
    struct latencies *latencies); /* the next sample starts a new set of quantiles */
void latencies_free(struct latencies *latencies);
/* Returns the quantile `share` (0 <= share < 1) of the distribution, in milliseconds. */
double latency_at(const struct latency *row, double share);
#endif

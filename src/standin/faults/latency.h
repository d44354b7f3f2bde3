/* latency.h - how long an answer takes: distributions by name, drawn from a seed; or dealt from a
 * deck that holds each part of the distribution once, so that what comes of it is known exactly. */
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
    /* "images", "edits", "responses", "chat", "storage"; "batches": of a whole batch; "": the rest
     */
    char route[16];
    enum latency_kind kind;
    double a, b, c;
    uint32_t *deck; /* strata, shuffled; NULL: not yet, or none */
    int dealt;      /* of the deck */
};

enum { LATENCIES = 8 };

struct latencies {
    struct latency rows[LATENCIES];
    int count;
    int strata; /* cards of a deck: of so many answers in a row the i-th shortest takes what
                   (i - 0.5) / strata of the distribution does not exceed; 0: drawn freely */
};

/* "SPEC" or "ROUTE=SPEC", split by commas. NULL: everything at once. */
bool latencies_parse(const char *text, int strata, struct latencies *out,
                     struct error *err) MUST_CHECK;
/* Milliseconds, at most ten minutes; a route without a row takes the row without a route, storage
 * and lists of models alone take none. */
double latencies_next(struct latencies *latencies, const char *route, uint64_t *state);
void latencies_shuffle(struct latencies *latencies); /* the next answer begins a new deck */
void latencies_free(struct latencies *latencies);
/* What `share` (0 <= share < 1) of the distribution does not exceed; milliseconds. */
double latency_at(const struct latency *row, double share);
#endif

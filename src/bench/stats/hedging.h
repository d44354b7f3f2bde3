/* hedging.h - estimates the effect of hedged requests: a second request is sent if the first has
 * not been answered within the 95th percentile, the first answer is used, and both are billed.
 *
 * The estimate uses the latencies of one run and assumes that slow answers are independent. If a
 * server is slow for all requests at once, hedging helps less. Workers never hedge, because an
 * image would be paid for twice. See Dean and Barroso, "The Tail at Scale", 2013. */
#ifndef BENCH_STATS_HEDGING_H
#define BENCH_STATS_HEDGING_H
#include <stdbool.h>
#include <stddef.h>

enum { HEDGE_MIN_COUNT = 200 }; /* with fewer answers, less than two exceed the 99th percentile */

struct hedge {
    bool known;         /* false if there are too few answers */
    double after;       /* seconds until the second request: p95 */
    double p99;         /* seconds, with hedging */
    double extra_share; /* share of requests that are sent twice */
};

/* `sorted`: seconds, ascending. */
struct hedge hedge_of(const double *sorted, size_t count);
#endif

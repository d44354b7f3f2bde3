/* hedging.h - would asking twice pay? A second request goes out for whoever has waited as long as
 * 95 of 100 do, the first answer is taken, and both are billed.
 *
 * Reckoned from the latencies of one run, as if the two were slow independently of each other;
 * where a server is slow for all at once, it helps less. Workers never do it: an image would be
 * paid for twice. Dean and Barroso, "The Tail at Scale", 2013. */
#ifndef BENCH_STATS_HEDGING_H
#define BENCH_STATS_HEDGING_H
#include <stdbool.h>
#include <stddef.h>

enum {
    HEDGE_MIN_COUNT = 200
}; /* answers: of fewer, less than two are beyond the 99th percentile */

struct hedge {
    bool known;   /* false: too few answers */
    double after; /* seconds until the second request: p95 */
    double p99;   /* seconds, then */
    double more;  /* requests that are made twice, as a share of all */
};

/* `sorted`: seconds, ascending. */
struct hedge hedge_of(const double *sorted, size_t count);
#endif

/* pack.h - estimates time and cost of a product pack of six images from the samples of a run.
 *
 * Packs are simulated by drawing the run's answers with replacement. An image takes the time of its
 * failed attempts and of the usable answer. The time of six concurrent images is the mean maximum
 * of six. Pauses between attempts are not included. */
#ifndef BENCH_REPORT_PACK_H
#define BENCH_REPORT_PACK_H
#include "bench/load/sample.h"

enum { PACK_IMAGES = 6 };

struct pack {
    bool known;        /* false for text targets and without usable answers */
    double concurrent; /* mean seconds until the last of six concurrent requests is done */
    double concurrent_p95;
    double sequential; /* mean seconds, one request after the other */
    double usd;        /* six usable images, failures included; NAN if unknown */
    double usd_text;   /* one answer of the run's text target; NAN if it has none */
};

/* Computes the times; both usd are NAN. The same seed gives the same result. */
struct pack pack_of(const struct samples *samples, int target, uint64_t seed);
#endif

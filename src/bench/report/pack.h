/* pack.h - what a product pack of six images would take on a target, by what a run saw.
 *
 * Packs are put together from the run's own answers, drawn with replacement: an image takes as
 * long as its tries, the failed ones before the usable one. So the time of six at once is the
 * expected maximum of six, failures and all; the pauses between tries are left out. */
#ifndef BENCH_REPORT_PACK_H
#define BENCH_REPORT_PACK_H
#include "bench/load/sample.h"

enum { PACK_IMAGES = 6 };

struct pack {
    bool known;        /* false: no image target, or nothing usable came */
    double concurrent; /* seconds until the last of six that are asked for at once: the mean */
    double concurrent_p95;
    double sequential; /* one after the other: the mean */
    double usd;        /* six usable images, failures included; NAN: not known */
    double usd_text;   /* and the text beside them, by the run's text target; NAN: it has none */
};

/* The times alone; both usd are NAN. The same seed gives the same figures. */
struct pack pack_of(const struct samples *samples, int target, uint64_t seed);
#endif

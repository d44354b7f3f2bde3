/* sequential.h - compares two samples while they grow, and says when the difference is decided.
 *
 * The compared figure is the ratio of what one accepted answer takes (seconds or USD, see
 * yield_totals) from b to a. Answers are paired: each block asks both with the same prompt. With n
 * of at most N blocks, the log of the ratio is decided if its Z value exceeds c sqrt(N/n). Its
 * partial sums approach a Brownian motion, which leaves -c to c within the N blocks with a
 * probability of 4 (1 - Phi(c)), whenever it is looked at. So blocks may be examined after each
 * one. This is O'Brien and Fleming's boundary (1979), monitored continuously, with a c of 2.35
 * (3.8 %) and a correction for few blocks: in simulations (test_sequential.c) at most 5 % of
 * comparisons of two that are equal are decided, from 20 planned blocks on. Blocks must be added in
 * the order in which they were scheduled: those that end first are the fast ones. */
#ifndef BENCH_STATS_SEQUENTIAL_H
#define BENCH_STATS_SEQUENTIAL_H
#include <stdbool.h>
#include <stddef.h>

#include "bench/stats/percentile.h"

enum { SEQUENTIAL_MIN_BLOCKS = 8 };

struct sequential_answer { /* of one target in one block */
    double value;          /* what it took, accepted or not */
    bool accepted;
};

struct sequential_block {
    struct sequential_answer a, b;
};

struct sequential_result {
    bool known;            /* enough blocks, and accepted answers of both */
    bool decided;          /* the interval excludes 1 */
    size_t blocks;         /* examined */
    double ratio;          /* b / a */
    struct interval range; /* of the ratio, 95 %, valid whenever it is looked at */
};

/* Examines the first `count` of at most `planned` blocks. */
struct sequential_result sequential_compare(const struct sequential_block *blocks, size_t count,
                                            size_t planned);
#endif

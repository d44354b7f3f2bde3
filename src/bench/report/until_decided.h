/* until_decided.h - follows a run of two targets, and says when their comparison is decided
 * (stats/sequential.h). */
#ifndef BENCH_REPORT_UNTIL_DECIDED_H
#define BENCH_REPORT_UNTIL_DECIDED_H
#include "bench/load/load_plan.h"
#include "bench/load/sample.h"
#include "bench/stats/sequential.h"

struct until_decided {
    const struct load_plan *plan;
    struct sequential_block *blocks; /* by number, without the warm-up; owned */
    unsigned char *answered;         /* of each block: bit 0 for target 0, bit 1 for target 1 */
    size_t seen;                     /* samples read so far */
    size_t complete;                 /* blocks from the first on that both targets have answered */
    struct sequential_result result;
};

/* Fails with ERROR_INPUT unless the plan has two targets of one kind in a closed loop with a fixed
 * number of requests. Limits the responses that wait for their evaluation: what is sent while
 * earlier answers would already decide is paid for in vain. */
bool until_decided_plan(struct load_plan *plan, struct error *err) MUST_CHECK;

/* The plan is borrowed. */
void until_decided_begin(const struct load_plan *plan, struct until_decided *out);
/* Reads the samples that were added since the last call. Returns whether the comparison is
 * decided. */
bool until_decided_update(struct until_decided *decided, const struct samples *samples);
void until_decided_end(struct until_decided *decided);
#endif

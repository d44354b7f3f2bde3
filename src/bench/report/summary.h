/* summary.h - the statistics of one target in one run.
 *
 * Latencies are those of usable answers alone; every failure is in the counts, and in the price of
 * a usable image. Warm-up requests are left out of all but the money. */
#ifndef BENCH_REPORT_SUMMARY_H
#define BENCH_REPORT_SUMMARY_H
#include "bench/load/image_checks.h"
#include "bench/report/pack.h"
#include "bench/report/series.h"
#include "bench/stats/hedging.h"

enum { SUMMARY_PERCENTILES = 6 };
extern const double summary_percentiles[SUMMARY_PERCENTILES];           /* 0.5, 0.75, ... 0.999 */
extern const char *const summary_percentile_names[SUMMARY_PERCENTILES]; /* "p50", ... */

enum phase {              /* where the time of a usable answer went, in the order of its life */
             PHASE_QUEUE, /* due, not yet handed to the network */
             PHASE_NAME,  /* looking its name up */
             PHASE_CONNECT,
             PHASE_TLS,
             PHASE_SEND,
             PHASE_WAIT, /* until the first byte */
             PHASE_RECEIVE,
             PHASE_READ,  /* our own: JSON, base64 */
             PHASE_CHECK, /* our own: decoding, checking */
             PHASE_STORE, /* after it was usable: onto disk */
             PHASES
};
extern const char *const phase_names[PHASES];

struct target_summary {
    const struct target *target;
    size_t issued; /* without the warm-up */
    size_t outcomes[OUTCOMES];
    double *usable; /* seconds of OUTCOME_OK, ascending; owned */
    size_t count;
    struct sample_stats stats;                      /* of usable */
    double percentiles[SUMMARY_PERCENTILES];        /* NAN where there is no sample */
    struct interval intervals[SUMMARY_PERCENTILES]; /* 95 % */
    double phases[PHASES];                          /* mean seconds */
    double server;            /* mean seconds by the server's own word; NAN: it says none */
    double partials_received; /* mean number of images in their making that came on the way */
    double first_partial[2];  /* seconds from due to the first of them: p50, p95; NAN: none came */
    double rate;              /* usable answers a second at full load, drain left out */
    double makespan;          /* seconds from the first that was due to the last that ended */
    double overhead[3];       /* seconds the harness added: p50, p99, max over all that were sent */
    int64_t cost_microusd;    /* of what counts and the warm-up; -1: not known */
    double usd_per_answer, usd_per_usable; /* NAN: not known */
    int64_t tokens_in, tokens_out;
    double bytes;              /* mean of an answer's body */
    size_t connections_reused; /* connections */
    size_t duplicates;         /* answers with an image that came before */
    size_t checked;            /* images that were checked */
    size_t checks_failed[IMAGE_CHECKS];
    double first;         /* seconds of its very first request, warm-up too; NAN: not usable */
    double first_connect; /* of it, until it was connected */
    struct pack pack;
    struct hedge hedge;
    struct series series;
};

/* Fills one row a target; free with tallies_free. */
void target_summaries_make(const struct load_plan *plan, const struct run_progress *progress,
                           const struct samples *samples, struct target_summary *out);
void target_summaries_free(struct target_summary *summaries, int count);
#endif

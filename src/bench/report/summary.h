/* summary.h - the results of one target in one run.
 *
 * Latencies are those of usable answers only. Failures are counted, and their cost is part of the
 * cost per usable answer. Warm-up requests count only for cost. */
#ifndef BENCH_REPORT_SUMMARY_H
#define BENCH_REPORT_SUMMARY_H
#include "bench/load/image_checks.h"
#include "bench/report/pack.h"
#include "bench/report/series.h"
#include "bench/stats/hedging.h"

enum { SUMMARY_PERCENTILES = 6 };
extern const double summary_percentiles[SUMMARY_PERCENTILES];           /* 0.5, 0.75, ... 0.999 */
extern const char *const summary_percentile_names[SUMMARY_PERCENTILES]; /* "p50", ... */

enum request_phase {              /* phases of a usable answer, in order */
                     PHASE_QUEUE, /* due, not yet handed to libcurl */
                     PHASE_DNS,
                     PHASE_CONNECT,
                     PHASE_TLS,
                     PHASE_SEND,
                     PHASE_WAIT, /* until the first byte */
                     PHASE_RECEIVE,
                     PHASE_PARSE, /* on this client: JSON, base64 */
                     PHASE_CHECK, /* on this client: decoding, checking */
                     PHASE_STORE, /* after it was usable: to disk or to the store */
                     PHASES
};
extern const char *const phase_names[PHASES];

struct target_summary {
    const struct target *target;
    size_t issued; /* without the warm-up */
    size_t outcomes[OUTCOMES];
    double *usable; /* seconds to each usable answer, ascending; owned */
    size_t count;   /* of usable */
    struct sample_stats stats;
    double percentiles[SUMMARY_PERCENTILES];        /* NAN without usable answers */
    struct interval intervals[SUMMARY_PERCENTILES]; /* 95 % */
    double phases[PHASES];                          /* mean seconds */
    double server;            /* mean seconds as reported by the server; NAN if it reports none */
    double partials_received; /* mean number of partial images */
    double
        first_partial[2];  /* seconds from due to the first partial image: p50, p95; NAN if none */
    double rate;           /* usable answers per second at full load, without the drain */
    double makespan;       /* seconds from the first measured request to the end of the last */
    double overhead[3];    /* seconds added by this client: p50, p99, max of all that were sent */
    int64_t cost_microusd; /* warm-up included; -1 if unknown */
    double usd_per_answer, usd_per_usable; /* NAN if unknown */
    /* The headline: seconds and USD of all measured requests per accepted image, failures included.
     * Shed and aborted requests are not counted. */
    struct yield_totals seconds, usd;
    bool usd_unknown; /* the cost of a measured answer is unknown */
    int64_t tokens_in, tokens_out;
    double bytes; /* mean size of a response body */
    size_t connections_reused;
    size_t duplicates; /* answers whose image was received before */
    size_t checked;    /* images that were checked */
    size_t checks_failed[IMAGE_CHECKS];
    double first;         /* seconds of the first request, even in the warm-up; NAN if not usable */
    double first_connect; /* seconds of it until the connection was established */
    struct pack pack;
    struct hedge hedge;
    struct series series;
};

/* Fills one row per target; free with target_summaries_free. */
void target_summaries_make(const struct load_plan *plan, const struct run_progress *progress,
                           const struct samples *samples, struct target_summary *out);
void target_summaries_free(struct target_summary *summaries, int count);
#endif

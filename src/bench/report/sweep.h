/* sweep.h - the results of a sweep over several levels of load.
 *
 * Writes report.html, summary.json and sweep.png of all levels, next to one folder per level. */
#ifndef BENCH_REPORT_SWEEP_H
#define BENCH_REPORT_SWEEP_H
#include "bench/report/report.h"

enum { SWEEP_LEVELS_MAX = 32 };

struct sweep_level {
    double level;                     /* requests in flight, or requests per second */
    struct target_summary *summaries; /* one per target; owned */
};

struct sweep {
    bool by_rate;                 /* else in flight */
    const struct load_plan *plan; /* its targets: borrowed */
    const char *command;
    int64_t began_wall_ms;
    int64_t spent; /* microdollars, over all levels */
    bool spent_unknown, ended_early;
    struct sweep_level levels[SWEEP_LEVELS_MAX]; /* ascending by `level` */
    int count;
};

/* Takes a level's tallies over: tallies_free is the ladder's from now on. No more than
 * LADDER_MOST. */
void sweep_add(struct sweep *sweep, double level, const struct target_summary *summaries);
void sweep_free(struct sweep *sweep);

/* The level with the most answers for their wait (rate over median: Kleinrock's power), above and
 * below which it is less; -1: there is none among these. */
int sweep_knee(const struct sweep *sweep, int target);
int sweep_first_429(const struct sweep *sweep, int target); /* the first with a 429; -1: none */

const char *sweep_level_name(const struct sweep *sweep, double level,
                             char out[40]);                       /* "8 in flight" */
void sweep_verdicts(const struct sweep *sweep, struct text *out); /* a sentence a line */

cJSON *sweep_json(const struct sweep *sweep);
bool sweep_html(const struct sweep *sweep, struct text *out, struct error *err) MUST_CHECK;
bool sweep_write(const struct sweep *sweep, const char *folder, struct error *err) MUST_CHECK;

/* Throughput and latency over the load; NULL where nothing usable came. */
struct plot *chart_sweep(const struct sweep *sweep, int width, const char *title);
#endif

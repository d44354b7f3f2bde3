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

/* Adds a level and takes ownership of its summaries. At most SWEEP_LEVELS_MAX levels. */
void sweep_add(struct sweep *sweep, double level, const struct target_summary *summaries);
void sweep_free(struct sweep *sweep);

/* Returns the index of the level with the highest throughput divided by median latency (Kleinrock's
 * power), or -1 if that is the first or the last level. */
int sweep_knee(const struct sweep *sweep, int target);
int sweep_first_429(const struct sweep *sweep,
                    int target); /* index of the first level with a 429; -1 if none */

const char *sweep_level_name(const struct sweep *sweep, double level,
                             char out[40]);                       /* "8 in flight" */
void sweep_verdicts(const struct sweep *sweep, struct text *out); /* a sentence per line */

cJSON *sweep_json(const struct sweep *sweep);
bool sweep_html(const struct sweep *sweep, struct text *out, struct error *err) MUST_CHECK;
bool sweep_write(const struct sweep *sweep, const char *folder, struct error *err) MUST_CHECK;

/* Draws throughput and latency by load. Returns NULL without usable answers. */
struct plot *chart_sweep(const struct sweep *sweep, int width, const char *title);
#endif

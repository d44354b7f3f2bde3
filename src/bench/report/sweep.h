/* sweep.h - a sweep: the figures of each level of load, one above the other.
 *
 * report.html, summary.json, sweep.png   of all levels, beside the folders of each */
#ifndef BENCH_REPORT_SWEEP_H
#define BENCH_REPORT_SWEEP_H
#include "bench/report/report.h"

enum { LADDER_MOST = 32 };

struct rung {
    double level;          /* in flight, or requests due a second */
    struct tally *tallies; /* of each target; owned */
};

struct ladder {
    bool rates;              /* else in flight */
    const struct plan *plan; /* its targets: borrowed */
    const char *command;
    int64_t began_wall_ms;
    int64_t spent; /* microdollars, over all levels */
    bool spent_unknown, ended_early;
    struct rung rungs[LADDER_MOST]; /* ascending by `level` */
    int count;
};

/* Takes a level's tallies over: tallies_free is the ladder's from now on. No more than
 * LADDER_MOST. */
void ladder_add(struct ladder *ladder, double level, const struct tally *tallies);
void ladder_free(struct ladder *ladder);

/* The level with the most answers for their wait (rate over median: Kleinrock's power), above and
 * below which it is less; -1: there is none among these. */
int ladder_knee(const struct ladder *ladder, int target);
int ladder_limited(const struct ladder *ladder, int target); /* the first with a 429; -1: none */

const char *ladder_level(const struct ladder *ladder, double level,
                         char out[40]);                              /* "8 in flight" */
void ladder_verdicts(const struct ladder *ladder, struct text *out); /* a sentence a line */

cJSON *ladder_json(const struct ladder *ladder);
bool ladder_html(const struct ladder *ladder, struct text *out, struct error *err) MUST_CHECK;
bool ladder_write(const struct ladder *ladder, const char *folder, struct error *err) MUST_CHECK;

/* Throughput and latency over the load; NULL where nothing usable came. */
struct plot *chart_ladder(const struct ladder *ladder, int width, const char *title);
#endif

/* figure.h - the figures that runs are compared by, and rules that say how far one may go.
 *
 * "p95>1.2x": a figure, and what it may not pass. Figures: p1 to p99.9, mean (both of usable
 * answers, in seconds), errors (the share of answers that are not usable), usd (the price of a
 * usable answer). Bounds: 1.2x (times the earlier run's), 20s or 800ms, 5% or 0.05, 0.02. */
#ifndef BENCH_REPORT_FIGURE_H
#define BENCH_REPORT_FIGURE_H
#include "bench/report/stored_run.h"

enum figure_kind { FIGURE_PERCENTILE, FIGURE_MEAN, FIGURE_ERRORS, FIGURE_USD };

struct figure {
    enum figure_kind kind;
    double share; /* of a percentile */
};

double figure_of(const struct figure *figure,
                 const struct stored_target *target); /* NAN: unknown */
struct difference figure_compare(const struct figure *figure, const struct stored_target *before,
                                 const struct stored_target *after, int pairs);

enum { FIGURE_NAME = 16, FIGURE_TEXT = 24, FIGURE_VERDICT = 120 };
const char *figure_name(const struct figure *figure, char out[FIGURE_NAME]); /* "p99.9" */
const char *figure_value(const struct figure *figure, double value, char out[FIGURE_TEXT]);
/* "slower by 6.1 s [2.0 s, 9.8 s]", "not told apart", "too few usable answers" */
const char *figure_verdict(const struct figure *figure, const struct difference *difference,
                           char out[FIGURE_VERDICT]);

enum { RULES_MAX = 16 };

struct figure_rule {
    struct figure figure;
    double max;
    bool relative; /* most is times the earlier run's figure */
    char text[24]; /* as it was given: "p95>1.2x" */
};

/* Rules with commas or blanks between. ERROR_INPUT. */
bool figure_rules_read(const char *text, struct figure_rule out[RULES_MAX], int *count,
                       struct error *err) MUST_CHECK;
/* How far it may go; `before` is asked where the rule is relative. */
double figure_rule_bound(const struct figure_rule *rule, const struct stored_target *before);
#endif

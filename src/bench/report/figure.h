/* figure.h - the figures by which runs are compared, and the rules of --fail-if.
 *
 * A rule is a figure and its upper bound: "p95>1.2x". Figures: p1 to p99.9 and mean (seconds to a
 * usable answer), errors (share of answers that are not usable), seconds and usd (time and cost of
 * all answers per accepted one). Bounds: 1.2x (times the baseline's figure), 20s or 800ms, 5% or
 * 0.05, 0.02. */
#ifndef BENCH_REPORT_FIGURE_H
#define BENCH_REPORT_FIGURE_H
#include "bench/report/stored_run.h"

enum figure_kind { FIGURE_PERCENTILE, FIGURE_MEAN, FIGURE_ERRORS, FIGURE_USD, FIGURE_SECONDS };

struct figure {
    enum figure_kind kind;
    double share; /* of a percentile */
};

double figure_of(const struct figure *figure,
                 const struct stored_target *target); /* NAN if unknown */
struct difference figure_compare(const struct figure *figure, const struct stored_target *before,
                                 const struct stored_target *after, int pairs);

enum { FIGURE_NAME = 16, FIGURE_TEXT = 24, FIGURE_VERDICT = 120 };
const char *figure_name(const struct figure *figure, char out[FIGURE_NAME]); /* "p99.9" */
const char *figure_value(const struct figure *figure, double value, char out[FIGURE_TEXT]);
/* Writes "slower by 6.1 s [2.0, 9.8 s]", "not significant: +0.3 s [-1.2, 1.8 s]" or "too few
 * answers to compare". */
const char *figure_verdict(const struct figure *figure, const struct difference *difference,
                           char out[FIGURE_VERDICT]);

enum { RULES_MAX = 16 };

struct figure_rule {
    struct figure figure;
    double max;
    bool relative; /* max is a multiple of the baseline's figure */
    char text[24]; /* the rule as written: "p95>1.2x" */
};

/* Reads rules separated by commas or spaces. Fails with ERROR_INPUT. */
bool figure_rules_read(const char *text, struct figure_rule out[RULES_MAX], int *count,
                       struct error *err) MUST_CHECK;
/* Returns the upper bound; `before` is used if the rule is relative. */
double figure_rule_bound(const struct figure_rule *rule, const struct stored_target *before);
#endif

/* figure.c - computes, compares and formats figures, and parses rules. */
#include "bench/report/figure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report/report.h"

#define CONFIDENCE 0.95
enum { SEED = 1 };

static struct sample_view view_of(const struct stored_target *target)
{
    return (struct sample_view){ target->usable, target->count };
}

/* Counts the answers that are not usable. */
static struct share errors_of(const struct stored_target *target)
{
    return (struct share){ target->requests - target->count, target->requests };
}

double figure_of(const struct figure *figure, const struct stored_target *target)
{
    switch (figure->kind) {
    case FIGURE_PERCENTILE:
        return percentile_of(target->usable, target->count, figure->share);
    case FIGURE_MEAN:
        return sample_stats_of(target->usable, target->count).mean;
    case FIGURE_ERRORS:
        return share_of(errors_of(target));
    case FIGURE_USD:
        return target->cost_unknown ? NAN : yield_per_accepted(&target->cost);
    case FIGURE_SECONDS:
        return target->seconds_unknown ? NAN : yield_per_accepted(&target->seconds);
    }
    return NAN;
}

struct difference figure_compare(const struct figure *figure, const struct stored_target *before,
                                 const struct stored_target *after, int pairs)
{
    switch (figure->kind) {
    case FIGURE_PERCENTILE:
        return compare_percentile(view_of(before), view_of(after), figure->share, CONFIDENCE, pairs,
                                  SEED);
    case FIGURE_MEAN:
        return compare_mean(view_of(before), view_of(after), CONFIDENCE, pairs);
    case FIGURE_ERRORS:
        return compare_share(errors_of(before), errors_of(after), CONFIDENCE, pairs);
    case FIGURE_USD:
        return before->cost_unknown || after->cost_unknown
                   ? (struct difference){ .p = 1 }
                   : compare_yield(&before->cost, &after->cost, CONFIDENCE, pairs);
    case FIGURE_SECONDS:
        return before->seconds_unknown || after->seconds_unknown
                   ? (struct difference){ .p = 1 }
                   : compare_yield(&before->seconds, &after->seconds, CONFIDENCE, pairs);
    }
    return (struct difference){ .p = 1 };
}

const char *figure_name(const struct figure *figure, char out[FIGURE_NAME])
{
    static const char *const names[] = { "", "mean", "errors", "usd", "seconds" };

    if (figure->kind == FIGURE_PERCENTILE) {
        snprintf(out, FIGURE_NAME, "p%.6g", figure->share * 100);
    } else {
        snprintf(out, FIGURE_NAME, "%s", names[figure->kind]);
    }
    return out;
}

const char *figure_value(const struct figure *figure, double value, char out[FIGURE_TEXT])
{
    if (!isfinite(value)) {
        snprintf(out, FIGURE_TEXT, "-");
    } else if (figure->kind == FIGURE_ERRORS) {
        snprintf(out, FIGURE_TEXT, "%.1f %%", value * 100);
    } else if (figure->kind == FIGURE_USD) {
        snprintf(out, FIGURE_TEXT, "%.4f USD", value);
    } else if (value < 0) {
        char positive[FIGURE_TEXT];

        snprintf(out, FIGURE_TEXT, "-%.22s", report_seconds(-value, positive));
    } else {
        return report_seconds(value, out);
    }
    return out;
}

/* Writes "[2.0, 9.8 s]": the unit only once if both bounds have the same. */
static void write_range(const struct figure *figure, double low, double high, char *out,
                        size_t size)
{
    char from[FIGURE_TEXT], to[FIGURE_TEXT], *unit;

    figure_value(figure, low, from);
    figure_value(figure, high, to);
    unit = strchr(from, ' ');
    if (unit && strchr(to, ' ') && strcmp(unit, strchr(to, ' ')) == 0) {
        *unit = '\0';
    }
    snprintf(out, size, "[%s, %s]", from, to);
}

const char *figure_verdict(const struct figure *figure, const struct difference *difference,
                           char out[FIGURE_VERDICT])
{
    static const char *const more[] = { "slower", "slower", "more errors", "more expensive",
                                        "slower" };
    static const char *const less[] = { "faster", "faster", "fewer errors", "cheaper", "faster" };
    const struct interval *range = &difference->range;
    bool grew = difference->value > 0;
    char by[FIGURE_TEXT], bounds[2 * FIGURE_TEXT + 8];

    if (!difference->known) {
        snprintf(out, FIGURE_VERDICT, "too few answers to compare");
    } else if (!difference->significant) {
        write_range(figure, range->low, range->high, bounds, sizeof bounds);
        snprintf(out, FIGURE_VERDICT, "not significant: %s%s %s", difference->value > 0 ? "+" : "",
                 figure_value(figure, difference->value, by), bounds);
    } else {
        write_range(figure, grew ? range->low : -range->high, grew ? range->high : -range->low,
                    bounds, sizeof bounds);
        snprintf(out, FIGURE_VERDICT, "%s by %s %s", grew ? more[figure->kind] : less[figure->kind],
                 figure_value(figure, fabs(difference->value), by), bounds);
    }
    return out;
}

/* -- rules ------------------------------------------------------------------------------------- */

/* Reads digits with at most one decimal point; no sign, exponent, nan or hexadecimal. */
static bool read_number(const char **at, double *out)
{
    size_t size = strspn(*at, "0123456789.");
    char copy[16], *end;

    if (size == 0 || size >= sizeof copy) {
        return false;
    }
    memcpy(copy, *at, size);
    copy[size] = '\0';
    *out = strtod(copy, &end);
    *at += size;
    return *end == '\0' && end > copy;
}

static bool read_figure(const char **at, struct figure *out)
{
    static const struct {
        const char *name;
        enum figure_kind kind;
    } names[] = { { "mean", FIGURE_MEAN },
                  { "errors", FIGURE_ERRORS },
                  { "usd", FIGURE_USD },
                  { "seconds", FIGURE_SECONDS } };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t size = strlen(names[i].name);

        if (strncmp(*at, names[i].name, size) == 0) {
            *at += size;
            *out = (struct figure){ .kind = names[i].kind };
            return true;
        }
    }
    if (**at != 'p') {
        return false;
    }
    (*at)++;
    *out = (struct figure){ .kind = FIGURE_PERCENTILE };
    if (!read_number(at, &out->share) || !(out->share > 0 && out->share < 100)) {
        return false;
    }
    out->share /= 100;
    return true;
}

static bool read_unit(const char *unit, struct figure_rule *rule)
{
    enum figure_kind kind = rule->figure.kind;
    bool latency = kind == FIGURE_PERCENTILE || kind == FIGURE_MEAN || kind == FIGURE_SECONDS;

    rule->relative = strcmp(unit, "x") == 0;
    if (rule->relative) {
        return rule->max > 0;
    }
    if (latency && strcmp(unit, "ms") == 0) {
        rule->max /= 1000;
        return true;
    }
    if (kind == FIGURE_ERRORS && strcmp(unit, "%") == 0) {
        rule->max /= 100;
        return true;
    }
    return latency ? strcmp(unit, "s") == 0 : unit[0] == '\0';
}

static bool read_rule(const char *text, struct figure_rule *out)
{
    const char *at = text;

    *out = (struct figure_rule){ 0 };
    if (strlen(text) >= sizeof out->text || !read_figure(&at, &out->figure) || *at++ != '>' ||
        !read_number(&at, &out->max) || !read_unit(at, out)) {
        return false;
    }
    snprintf(out->text, sizeof out->text, "%s", text);
    return true;
}

bool figure_rules_read(const char *text, struct figure_rule out[RULES_MAX], int *count,
                       struct error *err)
{
    char copy[RULES_MAX * 24], *saved = NULL;

    *count = 0;
    if (strlen(text) >= sizeof copy) {
        return error_set(err, ERROR_INPUT, "--fail-if is too long");
    }
    snprintf(copy, sizeof copy, "%s", text);
    for (char *rule = strtok_r(copy, ", ", &saved); rule; rule = strtok_r(NULL, ", ", &saved)) {
        if (*count == RULES_MAX) {
            return error_set(err, ERROR_INPUT, "--fail-if has more than %d rules", RULES_MAX);
        }
        if (!read_rule(rule, &out[*count])) {
            error_set(err, ERROR_INPUT, "invalid --fail-if '%.40s': expected a rule like p95>1.2x",
                      rule);
            return error_hint(
                err, "Figures: p50 to p99.9, mean, errors, seconds, usd. Bounds: 1.2x (times the "
                     "baseline's), 20s, 800ms, 5%% or 0.02.");
        }
        (*count)++;
    }
    return *count > 0 || error_set(err, ERROR_INPUT, "--fail-if has no rule");
}

double figure_rule_bound(const struct figure_rule *rule, const struct stored_target *before)
{
    return rule->relative ? rule->max * figure_of(&rule->figure, before) : rule->max;
}

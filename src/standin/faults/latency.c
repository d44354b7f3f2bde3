/* latency.c - parses and samples latency distributions. */
#include "standin/faults/latency.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define LONGEST_MS 600000.0
#define Z95 1.6448536269514722 /* 95th percentile of the standard normal */

struct distribution {
    const char *name;
    enum latency_kind kind;
    int numbers;
};

static const struct distribution distributions[] = {
    { "constant", LATENCY_CONSTANT, 1 },   { "uniform", LATENCY_UNIFORM, 2 },
    { "lognormal", LATENCY_LOGNORMAL, 2 }, { "bimodal", LATENCY_BIMODAL, 3 },
    { "pareto", LATENCY_PARETO, 2 },
};

static bool parameters_valid(const struct latency *row)
{
    switch (row->kind) {
    case LATENCY_UNIFORM:
        return row->b >= row->a;
    case LATENCY_LOGNORMAL:
        return row->a > 0 && row->b >= row->a;
    case LATENCY_BIMODAL:
        return row->c <= 1;
    case LATENCY_PARETO:
        return row->b > 0;
    default:
        return true;
    }
}

static bool parse_row(char *text, struct latency *out, struct error *err)
{
    char *equals = strchr(text, '='), *name = text, *save = NULL, *number, *end;
    double numbers[3] = { 0 };
    int count = 0;

    *out = (struct latency){ 0 };
    if (equals) {
        *equals = '\0';
        snprintf(out->route, sizeof out->route, "%s", text);
        name = equals + 1;
    }
    name = strtok_r(name, ":", &save);
    while (count < 3 && (number = strtok_r(NULL, ":", &save))) {
        numbers[count] = strtod(number, &end);
        if (*end || end == number || !isfinite(numbers[count]) || numbers[count] < 0) {
            return error_set(err, ERROR_INPUT, "Invalid latency: '%s' is not a number.", number);
        }
        count++;
    }
    for (size_t i = 0; name && i < sizeof distributions / sizeof *distributions; i++) {
        if (strcmp(name, distributions[i].name) == 0 && count == distributions[i].numbers) {
            out->kind = distributions[i].kind;
            out->a = numbers[0];
            out->b = numbers[1];
            out->c = numbers[2];
            return parameters_valid(out)
                       ? true
                       : error_set(err, ERROR_INPUT,
                                   "Invalid latency: the numbers of '%s' are out of range.", name);
        }
    }
    error_set(err, ERROR_INPUT,
              "Invalid latency: unknown distribution '%s', or wrong count of numbers.",
              name ? name : "");
    return error_hint(err, "Use constant:MS, uniform:FROM:TO, lognormal:MEDIAN:P95, "
                           "bimodal:FAST:SLOW:SHARE or pareto:LEAST:ALPHA.");
}

bool latencies_parse(const char *text, int quantiles_per_set, struct latencies *out,
                     struct error *err)
{
    char copy[600], *save = NULL, *row;

    *out = (struct latencies){ .quantiles_per_set = quantiles_per_set };
    if (!text || text[0] == '\0') {
        return true;
    }
    if ((size_t)snprintf(copy, sizeof copy, "%s", text) >= sizeof copy) {
        return error_set(err, ERROR_INPUT, "Invalid latency: too long.");
    }
    for (row = strtok_r(copy, ",", &save); row; row = strtok_r(NULL, ",", &save)) {
        if (out->count == LATENCIES) {
            return error_set(err, ERROR_INPUT, "Invalid latency: at most %d routes.", LATENCIES);
        }
        if (!parse_row(row, &out->rows[out->count], err)) {
            return false;
        }
        out->count++;
    }
    return true;
}

double latency_at(const struct latency *row, double share)
{
    double slow = row->c, fast = 1 - row->c;

    switch (row->kind) {
    case LATENCY_CONSTANT:
        return row->a;
    case LATENCY_UNIFORM:
        return row->a + (row->b - row->a) * share;
    case LATENCY_LOGNORMAL:
        return row->a * exp(log(row->b / row->a) / Z95 * normal_quantile(share));
    case LATENCY_BIMODAL:
        return share < fast ? row->a * (0.9 + 0.2 * share / fast)
                            : row->b * (0.9 + 0.2 * (share - fast) / slow);
    case LATENCY_PARETO:
        return row->a / pow(1 - share, 1 / row->b);
    }
    return 0;
}

/* Returns the next quantile of the shuffled set. */
static double next_quantile(struct latency *row, int quantiles_per_set, uint64_t *state)
{
    if (!row->quantile_order) {
        row->quantile_order = xcalloc((size_t)quantiles_per_set, sizeof *row->quantile_order);
        row->quantiles_used = quantiles_per_set;
    }
    if (row->quantiles_used == quantiles_per_set) {
        for (int i = 0; i < quantiles_per_set; i++) {
            row->quantile_order[i] = (uint32_t)i;
        }
        random_shuffle(state, row->quantile_order, (size_t)quantiles_per_set,
                       sizeof *row->quantile_order);
        row->quantiles_used = 0;
    }
    return (row->quantile_order[row->quantiles_used++] + 0.5) / quantiles_per_set;
}

void latencies_shuffle(struct latencies *latencies)
{
    for (int i = 0; i < latencies->count; i++) {
        latencies->rows[i].quantiles_used = latencies->quantiles_per_set;
    }
}

void latencies_free(struct latencies *latencies)
{
    for (int i = 0; i < latencies->count; i++) {
        free(latencies->rows[i].quantile_order);
    }
    *latencies = (struct latencies){ 0 };
}

double latencies_next(struct latencies *latencies, const char *route, uint64_t *state)
{
    bool needs_own = strcmp(route, "storage") == 0 || strcmp(route, "models") == 0;
    struct latency *found = NULL;
    double share;

    for (int i = 0; i < latencies->count; i++) {
        struct latency *row = &latencies->rows[i];

        if (strcmp(row->route, route) == 0) {
            found = row;
            break;
        }
        if (row->route[0] == '\0' && !needs_own) {
            found = row;
        }
    }
    if (!found) {
        return 0;
    }
    share = latencies->quantiles_per_set > 0
                ? next_quantile(found, latencies->quantiles_per_set, state)
                : random_uniform(state);
    return fmin(latency_at(found, share), LONGEST_MS);
}

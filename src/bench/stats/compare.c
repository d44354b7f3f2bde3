/* compare.c - bootstrap of percentiles, the Mann-Whitney test, and Holm's adjustment. */
#include "bench/stats/compare.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"

enum { RESAMPLES = 4000 };

/* Marsaglia and Tsang 2000, for shapes of at least 1. */
static double random_gamma(uint64_t *state, double shape)
{
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);

    for (;;) {
        double x = random_normal(state), v = 1 + c * x, u;

        if (v <= 0) {
            continue;
        }
        v = v * v * v;
        u = 1 - random_uniform(state);
        if (log(u) < 0.5 * x * x + d - d * v + d * log(v)) {
            return d * v;
        }
    }
}

/* Returns a percentile of one resample with replacement. The r-th smallest of n values drawn with
 * replacement is at a position that has a beta(r, n - r + 1) distribution, so two gamma draws
 * replace n draws. */
static double resampled(struct sample_view sample, double share, uint64_t *state)
{
    double n = (double)sample.count, rank = ceil(share * n * (1 - 1e-12));
    double below = random_gamma(state, rank < 1 ? 1 : rank), above;
    size_t at;

    above = random_gamma(state, n - (rank < 1 ? 1 : rank) + 1);
    at = (size_t)(below / (below + above) * n);
    return sample.sorted[at < sample.count ? at : sample.count - 1];
}

struct difference compare_percentile(struct sample_view a, struct sample_view b, double share,
                                     double confidence, int pairs, uint64_t seed)
{
    double tail = (1 - confidence) / 2 / (pairs > 1 ? pairs : 1);
    double *differences;
    struct difference out = { .p = 1 };

    if (a.count < COMPARE_MIN_COUNT || b.count < COMPARE_MIN_COUNT) {
        return out;
    }
    differences = xcalloc(RESAMPLES, sizeof *differences);
    for (int i = 0; i < RESAMPLES; i++) {
        differences[i] = resampled(b, share, &seed) - resampled(a, share, &seed);
    }
    values_sort(differences, RESAMPLES);
    out.known = true;
    out.value = percentile_of(b.sorted, b.count, share) - percentile_of(a.sorted, a.count, share);
    out.range = (struct interval){ .known = true,
                                   .low = percentile_of(differences, RESAMPLES, tail),
                                   .high = percentile_of(differences, RESAMPLES, 1 - tail) };
    out.significant = out.range.low > 0 || out.range.high < 0;
    out.p = rank_test(a, b);
    free(differences);
    return out;
}

/* Advances past the values equal to `value` and returns their number. */
static size_t count_equal(struct sample_view sample, size_t *at, double value)
{
    size_t begin = *at;

    while (*at < sample.count && sample.sorted[*at] <= value) {
        (*at)++;
    }
    return *at - begin;
}

double rank_test(struct sample_view a, struct sample_view b)
{
    double n = (double)a.count, m = (double)b.count, all = n + m, ranks = 0, ties = 0, seen = 0;
    double u, variance, off;
    size_t i = 0, j = 0;

    if (a.count == 0 || b.count == 0) {
        return 1;
    }
    while (i < a.count || j < b.count) {
        bool from_a = j >= b.count || (i < a.count && a.sorted[i] <= b.sorted[j]);
        double value = from_a ? a.sorted[i] : b.sorted[j];
        double of_a = (double)count_equal(a, &i, value),
               both = of_a + (double)count_equal(b, &j, value);

        ranks += of_a * (seen + (both + 1) / 2); /* equal values get their mean rank */
        ties += both * both * both - both;
        seen += both;
    }
    u = ranks - n * (n + 1) / 2;
    variance = n * m / 12 * (all + 1 - ties / (all * (all - 1)));
    if (variance <= 0) {
        return 1;
    }
    off = fabs(u - n * m / 2) - 0.5; /* continuity correction */
    return erfc((off > 0 ? off : 0) / sqrt(2 * variance));
}

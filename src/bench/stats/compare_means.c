/* compare_means.c - compares means, shares and costs per usable answer. */
#include <math.h>

#include "bench/stats/compare.h"

struct mean_estimate { /* of one sample */
    double value, variance, freedom;
};

static double tail_of(double confidence, int pairs)
{
    return (1 - confidence) / 2 / (pairs > 1 ? pairs : 1);
}

/* Returns the quantile of the standard normal distribution with probability `tail` above it. Uses
 * bisection, which is fast enough for a few calls per run. */
static double normal_quantile(double tail)
{
    double low = 0, high = 40;

    for (int i = 0; i < 80; i++) {
        double middle = (low + high) / 2;

        if (erfc(middle / sqrt(2)) / 2 > tail) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The same for Student's t, by the Cornish-Fisher expansion around the normal distribution:
 * accurate to 1 % from 7 degrees of freedom on. */
static double student_quantile(double tail, double freedom)
{
    double z = normal_quantile(tail), s = z * z, f = freedom;

    return z * (1 + (s + 1) / (4 * f) + ((5 * s + 16) * s + 3) / (96 * f * f) +
                (((3 * s + 19) * s + 17) * s - 15) / (384 * f * f * f));
}

static struct difference make_difference(double value, double below, double above)
{
    struct difference out = { .known = true, .value = value, .p = 1 };

    out.range = (struct interval){ .known = true, .low = value - below, .high = value + above };
    out.significant = out.range.low > 0 || out.range.high < 0;
    return out;
}

/* Uses the degrees of freedom of Welch and Satterthwaite. */
static struct difference welch_difference(struct mean_estimate a, struct mean_estimate b,
                                          double confidence, int pairs)
{
    double sum = a.variance + b.variance, around;
    double freedom =
        sum > 0 ? sum * sum /
                      (a.variance * a.variance / a.freedom + b.variance * b.variance / b.freedom)
                : a.freedom;

    around = sqrt(sum) * student_quantile(tail_of(confidence, pairs), freedom);
    return make_difference(b.value - a.value, around, around);
}

static bool too_few(size_t a, size_t b)
{
    return a < COMPARE_MIN_COUNT || b < COMPARE_MIN_COUNT;
}

static struct mean_estimate mean_of(struct sample_view sample)
{
    struct sample_stats stats = sample_stats_of(sample.sorted, sample.count);

    return (struct mean_estimate){ .value = stats.mean,
                                   .variance = stats.standard_deviation * stats.standard_deviation /
                                               (double)sample.count,
                                   .freedom = (double)sample.count - 1 };
}

struct difference compare_mean(struct sample_view a, struct sample_view b, double confidence,
                               int pairs)
{
    if (too_few(a.count, b.count)) {
        return (struct difference){ .p = 1 };
    }
    return welch_difference(mean_of(a), mean_of(b), confidence, pairs);
}

double share_of(struct share share)
{
    return share.of > 0 ? (double)share.hits / (double)share.of : NAN;
}

static struct interval wilson(struct share share, double z)
{
    double n = (double)share.of, p = share_of(share);
    double middle = p + z * z / (2 * n), around = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n));

    return (struct interval){ .known = true,
                              .low = share.hits == 0 ? 0 : (middle - around) / (1 + z * z / n),
                              .high = share.hits == share.of
                                          ? 1
                                          : (middle + around) / (1 + z * z / n) };
}

struct difference compare_share(struct share a, struct share b, double confidence, int pairs)
{
    double z = normal_quantile(tail_of(confidence, pairs)), p = share_of(a), q = share_of(b);
    struct interval of_a, of_b;

    if (too_few(a.of, b.of)) {
        return (struct difference){ .p = 1 };
    }
    of_a = wilson(a, z);
    of_b = wilson(b, z);
    return make_difference(q - p, hypot(q - of_b.low, of_a.high - p),
                           hypot(of_b.high - q, p - of_a.low));
}

void cost_totals_add(struct cost_totals *totals, double usd, bool usable)
{
    totals->answers++;
    totals->usable += usable;
    totals->usd += usd;
    totals->usd_squares += usd * usd;
    totals->usd_usable += usable ? usd : 0;
}

double cost_per_usable(const struct cost_totals *totals)
{
    return totals->usable > 0 ? totals->usd / (double)totals->usable : NAN;
}

/* The residuals are each answer's cost, minus the ratio if the answer is usable. Their mean is 0.
 */
static struct mean_estimate ratio_of(const struct cost_totals *totals)
{
    double n = (double)totals->answers, usable = (double)totals->usable / n,
           ratio = cost_per_usable(totals);
    double squares = totals->usd_squares - 2 * ratio * totals->usd_usable +
                     ratio * ratio * (double)totals->usable;

    squares = squares > 1e-12 * totals->usd_squares ? squares
                                                    : 0; /* a rounding error if all cost the same */
    return (struct mean_estimate){ .value = ratio,
                                   .variance = squares / (n - 1) / n / (usable * usable),
                                   .freedom = n - 1 };
}

struct difference compare_cost(const struct cost_totals *a, const struct cost_totals *b,
                               double confidence, int pairs)
{
    if (too_few(a->usable, b->usable)) {
        return (struct difference){ .p = 1 };
    }
    return welch_difference(ratio_of(a), ratio_of(b), confidence, pairs);
}

/* compare_means.c - compares means, shares, and times and costs per accepted answer. */
#include <math.h>

#include "base/statistics/wilson.h"
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

static struct share_interval wilson(struct share share, double z)
{
    return wilson_interval((int64_t)share.hits, (int64_t)share.of, z);
}

struct difference compare_share(struct share a, struct share b, double confidence, int pairs)
{
    double z = normal_quantile(tail_of(confidence, pairs)), p = share_of(a), q = share_of(b);
    struct share_interval of_a, of_b;

    if (too_few(a.of, b.of)) {
        return (struct difference){ .p = 1 };
    }
    of_a = wilson(a, z);
    of_b = wilson(b, z);
    return make_difference(q - p, hypot(q - of_b.low, of_a.high - p),
                           hypot(of_b.high - q, p - of_a.low));
}

void yield_add(struct yield_totals *totals, double value, bool accepted)
{
    totals->answers++;
    totals->accepted += accepted;
    totals->sum += value;
    totals->squares += value * value;
    totals->sum_accepted += accepted ? value : 0;
}

double yield_per_accepted(const struct yield_totals *totals)
{
    return totals->accepted > 0 ? totals->sum / (double)totals->accepted : NAN;
}

/* The residuals are each answer's value, minus the ratio if the answer is accepted. Their mean is
 * 0. */
static struct mean_estimate ratio_of(const struct yield_totals *totals)
{
    double n = (double)totals->answers, accepted = (double)totals->accepted / n,
           ratio = yield_per_accepted(totals);
    double squares = totals->squares - 2 * ratio * totals->sum_accepted +
                     ratio * ratio * (double)totals->accepted;

    squares =
        squares > 1e-12 * totals->squares ? squares : 0; /* a rounding error if all are equal */
    return (struct mean_estimate){ .value = ratio,
                                   .variance = squares / (n - 1) / n / (accepted * accepted),
                                   .freedom = n - 1 };
}

struct interval yield_interval(const struct yield_totals *totals, double confidence)
{
    struct mean_estimate ratio;
    double around;

    if (totals->accepted < COMPARE_MIN_COUNT) {
        return (struct interval){ .known = false };
    }
    ratio = ratio_of(totals);
    around = ratio.value > 0 ? sqrt(ratio.variance) / ratio.value *
                                   student_quantile(tail_of(confidence, 1), ratio.freedom)
                             : 0;
    return (struct interval){ .known = true,
                              .low = ratio.value * exp(-around),
                              .high = ratio.value * exp(around) };
}

struct difference compare_yield(const struct yield_totals *a, const struct yield_totals *b,
                                double confidence, int pairs)
{
    if (too_few(a->accepted, b->accepted)) {
        return (struct difference){ .p = 1 };
    }
    return welch_difference(ratio_of(a), ratio_of(b), confidence, pairs);
}

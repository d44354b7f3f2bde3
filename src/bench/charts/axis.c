/* axis.c - scales with round ends and round ticks. */
#include "bench/charts/axis.h"

#include <math.h>
#include <stdio.h>

static const double steps[] = { 1, 2, 5 };

/* Returns the i-th of ..., 0.1, 0.2, 0.5, 1, 2, 5, 10, ...; step_of(0) is 1. */
static double step_of(int i)
{
    int within = (i % 3 + 3) % 3;

    return steps[within] * pow(10, (i - within) / 3);
}

static int step_below(double value)
{
    int i = (int)floor(log10(value)) * 3;

    while (step_of(i + 1) <= value * (1 + 1e-9)) {
        i++;
    }
    return i;
}

struct axis axis_log(double min, double max, double from, double to)
{
    int low = step_below(fmax(min, 1e-9)), high;

    max = fmax(max, step_of(low));
    high = step_below(max);
    high += step_of(high) < max * (1 - 1e-9) || high == low;
    return (struct axis){ step_of(low), step_of(high), from, to, true };
}

static double nice_step(double range, double count)
{
    int i = step_below(fmax(range, 1e-9) / fmax(count, 1));

    return step_of(i) * count >= range * (1 - 1e-9) ? step_of(i) : step_of(i + 1);
}

struct axis axis_linear(double low, double high, double from, double to)
{
    double step = nice_step(high - low, 5);

    return (struct axis){ low, low + step * fmax(ceil((high - low) / step - 1e-9), 1), from, to,
                          false };
}

double axis_at(const struct axis *axis, double value)
{
    double held = fmin(fmax(value, axis->low), axis->high);
    double share = axis->log ? log(held / axis->low) / log(axis->high / axis->low)
                             : (held - axis->low) / (axis->high - axis->low);

    return axis->from + share * (axis->to - axis->from);
}

static int log_ticks(const struct axis *axis, double gap, double out[AXIS_TICKS])
{
    int low = step_below(axis->low), high = step_below(axis->high), count = 0, every = 1;
    double significant =
        fabs(axis->to - axis->from) / log10(axis->high / axis->low); /* pixels per decade */

    if (significant * log10(2) < gap) { /* 1 and 2 would be too close: use decades only, or fewer */
        every = 3 * (int)fmax(ceil(gap / significant), 1);
    }
    for (int i = low; i <= high && count < AXIS_TICKS; i++) {
        if (every == 1 || (i >= 0 ? i % every : -i % every) == 0) {
            out[count++] = step_of(i);
        }
    }
    return count;
}

int axis_ticks(const struct axis *axis, double gap, double out[AXIS_TICKS])
{
    double length = fabs(axis->to - axis->from), step, first;
    int count = 0;

    if (axis->log) {
        return log_ticks(axis, gap, out);
    }
    step = nice_step(axis->high - axis->low, floor(length / gap));
    first = ceil(axis->low / step - 1e-9) * step + 0.0;
    while (count < AXIS_TICKS && first + count * step <= axis->high + step * 1e-6) {
        out[count] = first + count * step;
        count++;
    }
    return count;
}

const char *axis_seconds(double seconds, char out[AXIS_LABEL])
{
    if (seconds == 0) {
        return "0";
    }
    snprintf(out, AXIS_LABEL, fabs(seconds) < 0.9995 ? "%.4g ms" : "%.4g s",
             fabs(seconds) < 0.9995 ? seconds * 1000 : seconds);
    return out;
}

/* duration.c - formats durations, rounded to a precision that estimates can have. */
#include "term/duration.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct unit {
    const char *name;
    double seconds, step; /* values are rounded to multiples of step */
};

static const struct unit *unit_of(double seconds)
{
    static const struct unit units[] = {
        { "s", 1, 1 }, { "s", 1, 5 }, { "min", 60, 1 }, { "h", 3600, 0.1 }, { "h", 3600, 1 },
    };

    return &units[seconds < 20      ? 0
                  : seconds < 90    ? 1
                  : seconds < 5400  ? 2
                  : seconds < 36000 ? 3
                                    : 4];
}

static void number_of(double seconds, const struct unit *unit, char out[24])
{
    snprintf(out, 24, unit->step < 1 ? "%.1f" : "%.0f",
             round(seconds / unit->seconds / unit->step) * unit->step);
}

void duration_text(double min_seconds, double max_seconds, char *out, size_t size)
{
    const struct unit *low = unit_of(min_seconds), *high = unit_of(max_seconds);
    char from[24], to[24];

    number_of(min_seconds, low, from);
    number_of(max_seconds, high, to);
    if (strcmp(low->name, high->name) != 0) {
        snprintf(out, size, "%s %s to %s %s", from, low->name, to, high->name);
    } else if (strcmp(from, to) != 0) {
        snprintf(out, size, "%s to %s %s", from, to, high->name);
    } else {
        snprintf(out, size, "%s %s", to, high->name);
    }
}

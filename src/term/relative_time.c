/* relative_time.c - the largest unit of which at least one has passed. */
#include "term/relative_time.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

enum { DATE_BYTES = 11 };

void relative_time_age(double seconds, char *out, size_t size)
{
    static const struct {
        double seconds;
        const char *name;
    } units[] = {
        { 365 * 86400.0, "y" }, { 30 * 86400.0, "mo" }, { 86400, "d" },
        { 3600, "h" },          { 60, "min" },          { 1, "s" },
    };
    size_t i = 0;

    while (i + 1 < sizeof units / sizeof *units && !(seconds >= units[i].seconds)) {
        i++;
    }
    seconds = seconds > 0 ? seconds / units[i].seconds : 0;
    snprintf(out, size, "%lld %s", (long long)(seconds < 1e6 ? seconds : 1e6), units[i].name);
}

void relative_time_ago(double seconds, char *out, size_t size)
{
    char age[24];

    if (!(seconds >= 1)) {
        snprintf(out, size, "now");
        return;
    }
    relative_time_age(seconds, age, sizeof age);
    snprintf(out, size, "%s ago", age);
}

double relative_time_since(const char *timestamp, int64_t now_ms)
{
    char date[DATE_BYTES];
    int hours, minutes, seconds;
    int64_t midnight;

    if (!timestamp || strlen(timestamp) < 19 ||
        sscanf(timestamp + 10, "T%2d:%2d:%2d", &hours, &minutes, &seconds) != 3) {
        return -1;
    }
    snprintf(date, sizeof date, "%.10s", timestamp);
    midnight = clock_parse_date(date);
    if (midnight < 0) {
        return -1;
    }
    seconds += hours * 3600 + minutes * 60;
    now_ms -= midnight + (int64_t)seconds * 1000;
    return now_ms > 0 ? (double)now_ms / 1000 : 0;
}

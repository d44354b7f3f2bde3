/* clock.c - reading clocks, and formatting and parsing dates. */
#include "base/clock.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t microseconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_mono_us(void)
{
    return microseconds(CLOCK_MONOTONIC);
}

int64_t clock_process_cpu_us(void)
{
    return microseconds(CLOCK_PROCESS_CPUTIME_ID);
}

int64_t clock_thread_cpu_us(void)
{
    return microseconds(CLOCK_THREAD_CPUTIME_ID);
}

int64_t clock_wall_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void clock_format(int64_t wall_ms, char out[25])
{
    time_t seconds = (time_t)(wall_ms / 1000);
    int millis = (int)(wall_ms % 1000);
    struct tm parts;

    if (millis < 0) {
        millis += 1000;
        seconds -= 1;
    }
    if (!gmtime_r(&seconds, &parts) || parts.tm_year < -900 || parts.tm_year > 8000) {
        snprintf(out, 25, "0000-00-00T00:00:00.000Z");
        return;
    }
    strftime(out, 25, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(out + 19, 6, ".%03dZ", millis);
}

int64_t clock_parse_date(const char *date)
{
    struct tm parts = { 0 }, back;
    int year, month, day;
    time_t seconds;

    /* sscanf alone would accept spaces and signs */
    if (!date || strlen(date) != 10 || strspn(date, "0123456789-") != 10 ||
        strspn(date, "0123456789") != 4 || strspn(date + 5, "0123456789") != 2 ||
        strspn(date + 8, "0123456789") != 2 ||
        sscanf(date, "%4d-%2d-%2d", &year, &month, &day) != 3) {
        return -1;
    }
    parts.tm_year = year - 1900;
    parts.tm_mon = month - 1;
    parts.tm_mday = day;
    seconds = timegm(&parts);
    /* timegm accepts 31 February: a date is valid only if it is unchanged when converted back */
    if (!gmtime_r(&seconds, &back) || back.tm_mon != month - 1 || back.tm_mday != day) {
        return -1;
    }
    return (int64_t)seconds * 1000;
}

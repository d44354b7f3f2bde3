/* relative_time.h - points in time as people say them: "3 min ago". */
#ifndef TERM_RELATIVE_TIME_H
#define TERM_RELATIVE_TIME_H
#include <stddef.h>
#include <stdint.h>

/* Formats a duration with one unit, rounded down: "12 s", "3 min", "5 h", "9 d", "4 mo", "2 y".
 * A negative duration, which clocks that differ cause, is "0 s". */
void relative_time_age(double seconds, char *out, size_t size);
/* The same with "ago"; less than a second is "now". */
void relative_time_ago(double seconds, char *out, size_t size);
/* Seconds from a time of the database, "2026-11-23T12:01:07Z" (a fraction is ignored), until
 * now_ms. Returns a negative number if the text is no such time. */
double relative_time_since(const char *timestamp, int64_t now_ms);
#endif

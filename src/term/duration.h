/* duration.h - how long something takes, in words. */
#ifndef TERM_DURATION_H
#define TERM_DURATION_H
#include <stddef.h>

/* "40 s", "38 min", "2 h 10 min"; of two that round to the same, one: "38 to 52 min". */
void duration_text(double least_seconds, double most_seconds, char *out, size_t size);
#endif

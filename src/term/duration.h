/* duration.h - durations as text. */
#ifndef TERM_DURATION_H
#define TERM_DURATION_H
#include <stddef.h>

/* Formats a range: "38 to 52 min", "80 s to 5 min"; "40 s" if both ends round to the same. */
void duration_text(double min_seconds, double max_seconds, char *out, size_t size);
#endif

/* dimension_number.h - numbers, units and separators of sizes, as sellers write them. */
#ifndef MODEL_DIMENSIONS_DIMENSION_NUMBER_H
#define MODEL_DIMENSIONS_DIMENSION_NUMBER_H
#include <stdbool.h>

/* Returns true if a number starts at `at` that is not the second part of "10-12", "1.5", "5'10" or
 * "1/2". */
bool number_starts(const char *text, const char *at);

/* Reads "7", "7.5", "7,5", "1,200", "1/2" or "5 1/2" and sets *end to the position after it.
 * Returns false if there is no number, or one with several decimal points, as in version numbers.
 */
bool number_at(const char *at, double *value, const char **end);

/* Returns the unit at `at`, after optional blanks, and sets *end to the position after it. Returns
 * NULL if there is none. `text` is the start of the text. */
const char *unit_at(const char *text, const char *at, const char **end);

/* Returns the position after " x ", "×", "by" or "*" between two numbers; NULL if there is no such
 * separator. */
const char *times_at(const char *at);
#endif

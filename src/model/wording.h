/* wording.h - finds words that are forbidden in A+ content: prices, promotion, reviews, claims,
 * contacts. The list follows the marketplace's published reasons for rejection. */
#ifndef MODEL_WORDING_H
#define MODEL_WORDING_H
#include <stdbool.h>

/* Returns the first forbidden phrase in the text (a static string), or NULL. Matches whole words,
 * case-insensitively. With `standard`, comparisons with competitors are forbidden too. */
const char *wording_forbidden(const char *text, bool standard);
#endif

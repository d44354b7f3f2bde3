/* wording.h - finds words that are forbidden in A+ content: prices, promotion, reviews, claims,
 * contacts. The list follows the marketplace's published reasons for rejection. */
#ifndef MODEL_WORDING_H
#define MODEL_WORDING_H
#include <stdbool.h>

/* Returns the first forbidden phrase in the text (a static string), or NULL. Matches whole words,
 * case-insensitively. With `standard`, comparisons with competitors are forbidden too. */
const char *wording_forbidden(const char *text, bool standard);

/* Returns the first phrase about other products, such as "ordinary" or "unlike", that is in the
 * text and not in what the seller wrote (a static string), or NULL. */
const char *wording_unfounded(const char *text, const char *seller_text);
#endif

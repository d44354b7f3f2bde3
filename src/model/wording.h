/* wording.h - words that A+ content must not have: prices, promotion, reviews, claims, contacts.
 * After the marketplace's list of reasons for rejection. */
#ifndef MODEL_WORDING_H
#define MODEL_WORDING_H
#include <stdbool.h>

/* The first forbidden word or phrase in the text (a constant), or NULL. `standard`: comparisons
 * with competitors are forbidden as well. Whole words only, whatever the case. */
const char *wording_forbidden(const char *text, bool standard);
#endif

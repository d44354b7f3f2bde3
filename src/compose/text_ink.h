/* text_ink.h - whether the typeset texts can be read on the image that is stored, by its pixels.
 *
 * OCR is no measure of that: Tesseract misreads a fifth of correctly typeset Arabic texts, and has
 * no data for some languages. The text is correct by construction; what can go wrong is that it is
 * covered, cut off, or does not stand out from what is behind it. */
#ifndef COMPOSE_TEXT_INK_H
#define COMPOSE_TEXT_INK_H
#include "compose/composition.h"

struct text_ink {
    double contrast; /* lowest contrast of a text with what is around its letters, WCAG 2 */
    double whole;    /* lowest share of a text's letters that has its colour, 0 to 1 */
    const struct composed_text *fault; /* the first text that cannot be read; NULL: all can */
    char message[120];                 /* what is wrong with it, or the lowest contrast */
};

/* Draws the texts again, alone, and compares their letters with the pixels of the image. Takes
 * milliseconds: call it on the pool. Fails with ERROR_INTERNAL if memory runs out. */
bool text_ink_measure(const struct composition *composition, const struct image *image,
                      struct text_ink *out, struct error *err) MUST_CHECK;
#endif

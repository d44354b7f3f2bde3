/* ocr_words.h - compares the words that were read in two images. */
#ifndef IMAGE_OCR_OCR_WORDS_H
#define IMAGE_OCR_OCR_WORDS_H
#include "image/ocr/ocr.h"

/* Counts letters and digits of words that were read with confidence. Patterns and textures give
 * short words with low confidence, which do not count. */
int words_legible(const struct ocr_text *text);

struct words_difference {
    int letters;    /* of the legible words that are not known */
    char text[120]; /* these words, joined by spaces; may be cut */
};

/* Finds the legible words of `text` that are not similar to a word of `known`, which may have been
 * read with any confidence. */
void words_unknown(const struct ocr_text *text, const struct ocr_text *known,
                   struct words_difference *out);
#endif

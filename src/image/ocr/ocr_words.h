/* ocr_words.h - compares the words that were read in two images. */
#ifndef IMAGE_OCR_OCR_WORDS_H
#define IMAGE_OCR_OCR_WORDS_H
#include "image/ocr/ocr.h"

/* Returns the letters and digits of a word; 0 if it was not read with confidence, as patterns and
 * textures are. */
int word_legible(const struct ocr_word *word);

/* Returns true if one of the words is similar, or contains it. Words of `known` count whatever
 * their confidence is. */
bool word_is_known(const char *word, const struct ocr_text *known);

/* Returns the fewest changes of letters between the word and one of `text`, or a part of one; at
 * most the number of its letters, which is written to *letters. */
int word_errors(const char *word, const struct ocr_text *text, int *letters);
#endif

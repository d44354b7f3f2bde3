/* ocr_languages.h - which of Tesseract's language files are installed. */
#ifndef IMAGE_OCR_OCR_LANGUAGES_H
#define IMAGE_OCR_OCR_LANGUAGES_H
#include "image/ocr/ocr.h"

/* Writes those of `languages` that have data. Returns false if none has, or if the buffer is too
 * small. */
bool ocr_languages_with_data(const struct ocr_state *state, const char *languages, char *out,
                             size_t size);
#endif

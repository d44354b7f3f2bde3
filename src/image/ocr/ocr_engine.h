/* ocr_engine.h - Tesseract, loaded with dlopen, and the instances that this process keeps. */
#ifndef IMAGE_OCR_OCR_ENGINE_H
#define IMAGE_OCR_OCR_ENGINE_H
#include <tesseract/capi.h>

#include "image/ocr/ocr.h"

struct ocr_library { /* functions of Tesseract's C API that are used here */
#define OCR_FUNCTION(name) __typeof__(name) *(name);
#include "image/ocr/ocr_functions.inc"
#undef OCR_FUNCTION
};

/* Returns NULL if the library cannot be loaded. */
const struct ocr_library *ocr_library(void);

enum { OCR_ENGINES = 2, OCR_LANGUAGES_SIZE = 64 };

struct ocr_engine {
    TessBaseAPI *api;
    char languages[OCR_LANGUAGES_SIZE];
};

/* Takes an engine with these languages, which must have data: an idle one, or a new one. Waits
 * while all are in use. Returns NULL if Tesseract cannot read its data. */
struct ocr_engine *ocr_engine_take(const struct ocr_library *library, const char *folder,
                                   const char *languages);
void ocr_engine_return(struct ocr_engine *engine);
#endif

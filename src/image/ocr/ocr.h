/* ocr.h - reads the text of an image with Tesseract.
 *
 * The library and its language data are loaded at run time: without them nothing else stops
 * working. A read costs 0.2 to 0.8 s of processor time. */
#ifndef IMAGE_OCR_OCR_H
#define IMAGE_OCR_OCR_H
#include "image/measure.h"

struct ocr_word {
    struct pixel_box box; /* in pixels of the image that was read */
    int confidence;       /* 0 to 100 */
    int line;             /* words of one line have the same number; lines are in reading order */
    const char *text;     /* UTF-8, not empty; owned by the struct ocr_text */
};

struct ocr_text {
    struct ocr_word *words;
    int count;
    char *storage; /* of the words' text */
};

enum ocr_layout {
    OCR_SCATTERED, /* words anywhere: photos, scenes, labels */
    OCR_PAGE,      /* columns and paragraphs: infographics */
    OCR_LINE,      /* the image is one line of text */
};

/* Values of error.cause if nothing was read. */
enum {
    OCR_UNAVAILABLE = 2100, /* library or language data missing; or too little memory */
    OCR_TIMEOUT,            /* the image takes too long */
};

/* Reads all words of an image with 3 or 4 channels; transparent pixels count as white.
 * `languages` are names of Tesseract's data files: "eng", "eng+deu"; those without data are left
 * out if at least one has. Images of more than 4 megapixels are reduced first. Takes at most 60 s,
 * also on a machine whose processors are busy.
 *
 * Any thread may call it; at most two read at once, others wait. Fails with ERROR_CONFIG and cause
 * OCR_UNAVAILABLE, or ERROR_INPUT and cause OCR_TIMEOUT. Free the result with ocr_text_free. */
bool ocr_read(const struct image *image, const char *languages, enum ocr_layout layout,
              struct ocr_text *out, struct error *err) MUST_CHECK;
void ocr_text_free(struct ocr_text *text);

struct ocr_state {
    bool library;        /* Tesseract is installed */
    char version[24];    /* "5.3.0" */
    char folder[256];    /* of the language data; empty if none was found */
    char languages[256]; /* that have data, joined by '+': "eng+deu" */
};

/* Loads the library if it is not loaded yet. */
void ocr_state(struct ocr_state *out);
#endif

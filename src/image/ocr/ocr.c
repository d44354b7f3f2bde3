/* ocr.c - from an image to its words. */
#include "image/ocr/ocr.h"

#include <stdlib.h>
#include <string.h>

#include "image/compose.h"
#include "image/memory_budget.h"
#include "image/ocr/ocr_engine.h"
#include "image/ocr/ocr_languages.h"
#include "image/resize.h"

enum {
    MAX_PIXELS = 4 << 20,
    MAX_MS = 60000,
    MAX_WORDS = 2000,
    MAX_TEXT = 64 << 10,
    LEAST_SIDE = 32,
    CONFIDENT = 70
};

/* Memory of a read, measured with Debian's Tesseract 5.3 and one language. */
enum { ENGINE_BYTES = 48 << 20, BYTES_PER_PIXEL = 16 };

/* Tesseract expects a resolution in dots per inch; it estimates the size of letters by itself. */
enum { ASSUMED_DPI = 150 };

static const TessPageSegMode modes[] = {
    [OCR_SCATTERED] = PSM_SPARSE_TEXT, [OCR_PAGE] = PSM_AUTO, [OCR_LINE] = PSM_SINGLE_LINE
};

/* How Tesseract separates ink from paper. Sauvola compares with the surroundings: it finds words on
 * photos that Otsu misses, and reads fewer words into textures, but misses bright words on dark. */
static const char otsu[] = "0", sauvola[] = "2";

static bool unavailable(struct error *err, const char *why)
{
    error_set(err, ERROR_CONFIG, "text in images cannot be read: %s", why);
    err->cause = OCR_UNAVAILABLE;
    return error_hint(err, "Install tesseract-ocr and tesseract-ocr-eng.");
}

/* -- words ----------------------------------------------------------------------------------- */

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\n")] == '\0';
}

struct ocr_reader {
    const struct ocr_library *library;
    struct ocr_text *out;
    size_t used;  /* bytes of out->storage */
    double scale; /* pixels of the image per pixel that was read */
    int line;
};

static void add_word(struct ocr_reader *reader, const TessResultIterator *at, const char *text)
{
    const struct ocr_library *library = reader->library;
    const TessPageIterator *page = library->TessResultIteratorGetPageIteratorConst(at);
    struct ocr_word *word = &reader->out->words[reader->out->count];
    size_t size = strlen(text) + 1;
    int left = 0, top = 0, right = 0, bottom = 0;

    reader->line += library->TessPageIteratorIsAtBeginningOf(page, RIL_TEXTLINE) != 0;
    if (is_blank(text) || size > MAX_TEXT - reader->used) {
        return;
    }
    (void)library->TessPageIteratorBoundingBox(page, RIL_WORD, &left, &top, &right, &bottom);
    *word = (struct ocr_word){
        .box = { (int)(left * reader->scale), (int)(top * reader->scale),
                 (int)(right * reader->scale) - 1, (int)(bottom * reader->scale) - 1 },
        .confidence = (int)library->TessResultIteratorConfidence(at, RIL_WORD),
        .line = reader->line,
        .text = memcpy(reader->out->storage + reader->used, text, size),
    };
    reader->used += size;
    reader->out->count++;
}

static bool collect(struct ocr_reader *reader, TessBaseAPI *api)
{
    const struct ocr_library *library = reader->library;
    TessResultIterator *at = library->TessBaseAPIGetIterator(api);

    reader->used = 0;
    reader->out->words = calloc(MAX_WORDS, sizeof *reader->out->words);
    reader->out->storage = malloc(MAX_TEXT);
    if (!reader->out->words || !reader->out->storage) {
        ocr_text_free(reader->out);
    } else if (at) {
        do {
            char *text = library->TessResultIteratorGetUTF8Text(at, RIL_WORD);

            if (text) {
                add_word(reader, at, text);
                library->TessDeleteText(text);
            }
        } while (reader->out->count < MAX_WORDS && library->TessResultIteratorNext(at, RIL_WORD));
    }
    if (at) {
        library->TessResultIteratorDelete(at);
    }
    return reader->out->words != NULL;
}

/* -- recognition ----------------------------------------------------------------------------- */

static bool recognize(struct ocr_reader *reader, TessBaseAPI *api, const struct image *image,
                      enum ocr_layout layout, const char *threshold, struct error *err)
{
    const struct ocr_library *library = reader->library;
    ETEXT_DESC *monitor = library->TessMonitorCreate();
    bool good = false;

    if (monitor) {
        library->TessMonitorSetDeadlineMSecs(monitor, MAX_MS);
        library->TessBaseAPISetPageSegMode(api, modes[layout]);
        library->TessBaseAPISetVariable(api, "thresholding_method", threshold);
        library->TessBaseAPISetImage(api, image->pixels, image->width, image->height, 3,
                                     image->width * 3);
        library->TessBaseAPISetSourceResolution(api, ASSUMED_DPI);
        good = library->TessBaseAPIRecognize(api, monitor) == 0;
        library->TessMonitorDelete(monitor);
    }
    if (!good) {
        error_set(err, ERROR_INPUT, "reading the text of the image takes more than %d s",
                  MAX_MS / 1000);
        err->cause = OCR_TIMEOUT;
    } else if (!collect(reader, api)) {
        good = error_set(err, ERROR_INTERNAL, "no memory for the text of an image");
    }
    library->TessBaseAPIClear(api);
    return good;
}

/* Makes the copy that Tesseract reads: opaque, and not too large. */
static bool prepare(const struct image *image, struct image *out, double *scale, struct error *err)
{
    struct image flat = { 0 };
    double pixels = (double)image->width * image->height;
    bool good;

    *scale = 1;
    if (!image_flatten(image, &flat, err)) {
        return false;
    }
    if (pixels <= MAX_PIXELS) {
        *out = flat;
        return true;
    }
    while (pixels / (*scale * *scale) > MAX_PIXELS) {
        *scale *= 1.25;
    }
    good = image_scale(&flat, (int)(image->width / *scale) + 1, (int)(image->height / *scale) + 1,
                       out, err);
    image_free(&flat);
    return good;
}

static bool has_confident_word(const struct ocr_text *text)
{
    for (int i = 0; i < text->count; i++) {
        if (text->words[i].confidence >= CONFIDENT && strlen(text->words[i].text) > 2) {
            return true;
        }
    }
    return false;
}

static bool read_with_engine(const struct image *image, const struct ocr_state *state,
                             const char *languages, enum ocr_layout layout, struct ocr_text *out,
                             struct error *err)
{
    struct ocr_reader reader = { .library = ocr_library(), .out = out };
    struct ocr_engine *engine;
    struct image ready = { 0 };
    bool good;

    if (!prepare(image, &ready, &reader.scale, err)) {
        return false;
    }
    engine = ocr_engine_take(reader.library, state->folder, languages);
    if (!engine) {
        image_free(&ready);
        return unavailable(err, "Tesseract cannot read its language data");
    }
    good = recognize(&reader, engine->api, &ready, layout, layout == OCR_SCATTERED ? sauvola : otsu,
                     err);
    if (good && layout == OCR_SCATTERED && !has_confident_word(out)) {
        ocr_text_free(out);
        good = recognize(&reader, engine->api, &ready, layout, otsu, err);
    }
    ocr_engine_return(engine);
    image_free(&ready);
    return good;
}

bool ocr_read(const struct image *image, const char *languages, enum ocr_layout layout,
              struct ocr_text *out, struct error *err)
{
    size_t pixels = (size_t)image->width * (size_t)image->height;
    size_t bytes = ENGINE_BYTES + BYTES_PER_PIXEL * (pixels < MAX_PIXELS ? pixels : MAX_PIXELS);
    char available[OCR_LANGUAGES_SIZE];
    struct ocr_state state;
    bool good;

    *out = (struct ocr_text){ 0 };
    if (image->width < LEAST_SIDE || image->height < LEAST_SIDE) {
        return true; /* no letter fits, and Sauvola's window does not either */
    }
    ocr_state(&state);
    if (!state.library) {
        return unavailable(err, "Tesseract is not installed");
    }
    if (!ocr_languages_with_data(&state, languages, available, sizeof available)) {
        return unavailable(err, "the language data of Tesseract is not installed");
    }
    if (!memory_budget_reserve(bytes)) {
        return unavailable(err, "it needs more memory than --memory allows");
    }
    good = read_with_engine(image, &state, available, layout, out, err);
    memory_budget_return(bytes);
    return good;
}

void ocr_text_free(struct ocr_text *text)
{
    free(text->words);
    free(text->storage);
    *text = (struct ocr_text){ 0 };
}

/* check_foreign_text.c - the image must not contain text that the product does not bear. */
#include <stdio.h>

#include "image/checks/check.h"
#include "image/ocr/ocr_words.h"

/* Tells the words of the image that the seller's photo does not show. */
static void judge(const struct check_subject *subject, const struct ocr_text *text, double limit,
                  struct check_finding *out)
{
    struct ocr_text known = { 0 };
    struct words_difference difference;
    struct error ignored;

    /* A photo that cannot be read has no words: then any text is foreign. */
    if (subject->photo && !ocr_read(subject->photo, "eng", OCR_SCATTERED, &known, &ignored)) {
        known = (struct ocr_text){ 0 };
    }
    words_unknown(text, &known, &difference);
    ocr_text_free(&known);
    out->measured = difference.letters;
    out->passed = difference.letters <= limit;
    snprintf(out->message, sizeof out->message,
             out->passed ? "only text that the photo shows%.0s"
                         : "the image contains text that is not on the product: \"%.60s\"",
             difference.text);
}

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    struct ocr_text text;
    struct error why;

    out->limit = limits[0];
    out->passed = true;
    if (subject->of_photo) {
        snprintf(out->message, sizeof out->message, "cut out of the photo: not read");
        return;
    }
    if (!ocr_read(subject->image, "eng", OCR_SCATTERED, &text, &why)) {
        snprintf(out->message, sizeof out->message, "not performed: %.90s", why.text);
        return;
    }
    if (words_legible(&text) <= limits[0]) {
        out->measured = words_legible(&text);
        snprintf(out->message, sizeof out->message, "no text");
    } else {
        judge(subject, &text, limits[0], out);
    }
    ocr_text_free(&text);
}

const struct check check_foreign_text = {
    .name = "foreign_text",
    .source = "Amazon: no text, logos, badges or watermarks on a main image, no offers elsewhere",
    .limits = "maximum number of legible letters and digits that the photo does not show",
    .limit_count = 1,
    .needs_photo = true,
    .slow = true,
    .run = run,
};

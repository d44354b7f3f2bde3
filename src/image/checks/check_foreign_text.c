/* check_foreign_text.c - the image must not contain words that the product does not bear. */
#include <stdio.h>
#include <string.h>

#include "image/checks/check_place.h"
#include "image/checks/check_skip.h"
#include "image/checks/check_texts.h"
#include "image/ocr/ocr_words.h"

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    char foreign[64] = "";
    struct error why;
    int letters = 0;

    out->limit = limits[0];
    if (subject->of_photo) {
        check_skip(out, "the product was cut out of the photo");
        return;
    }
    if (!check_texts_image(subject, &why)) {
        check_skip(out, why.text);
        return;
    }
    for (int i = 0; i < subject->texts->image.count && letters <= 10 * limits[0]; i++) {
        const struct ocr_word *word = &subject->texts->image.words[i];

        if (word_legible(word) > 0 && !check_texts_on_product(subject, word)) {
            letters += word_legible(word);
            check_place_set(subject, &word->box, &out->place);
            check_texts_note(foreign, sizeof foreign, word->text);
        }
    }
    out->measured = letters;
    out->passed = letters <= limits[0];
    snprintf(out->message, sizeof out->message,
             out->passed ? "no words that the photo does not show%.0s"
                         : "the image contains text that is not on the product: \"%s\"",
             foreign);
}

const struct check check_foreign_text = {
    .name = "foreign_text",
    .source = "Amazon: no text, logos, badges or watermarks on a main image, no offers elsewhere",
    .limits = "maximum number of legible letters and digits that the photo does not show",
    .limit_count = 1,
    .of_picture = true,
    .needs_photo = true,
    .needs_product = true,
    .slow = true,
    .run = run,
};

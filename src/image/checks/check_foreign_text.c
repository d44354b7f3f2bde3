/* check_foreign_text.c - the image must not contain words that the product does not bear. */
#include <stdio.h>
#include <string.h>

#include "image/checks/check_skip.h"
#include "image/checks/check_texts.h"
#include "image/ocr/ocr_words.h"

/* Returns true if the word is on the product, whose place in the photo is not known: it cannot be
 * compared closely. */
static bool is_beyond_comparison(const struct check_subject *subject, const struct pixel_box *box)
{
    size_t x = (size_t)(box->left + box->right) / 2, y = (size_t)(box->top + box->bottom) / 2;

    return subject->coverage && !(subject->product && subject->product->has_match) &&
           subject->coverage[y * (size_t)subject->image->width + x] >= COVERED;
}

/* Returns true if the photo shows the word, perhaps only when its place is enlarged. */
static bool is_on_product(const struct check_subject *subject, const struct ocr_word *word)
{
    struct ocr_text place;
    struct error ignored;
    bool known;

    if (subject->photo && !check_texts_product(subject, &ignored)) {
        return true; /* the photo cannot be read: nothing is known against the word */
    }
    if (subject->photo && (word_is_known(word->text, &subject->texts->product) ||
                           check_texts_photo_has(subject, word->text))) {
        return true;
    }
    if (!check_texts_place(subject, &word->box, true, &place)) {
        return is_beyond_comparison(subject, &word->box);
    }
    known = word_is_known(word->text, &place);
    ocr_text_free(&place);
    return known;
}

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
        size_t used = strlen(foreign);

        if (word_legible(word) > 0 && !is_on_product(subject, word)) {
            letters += word_legible(word);
            snprintf(foreign + used, sizeof foreign - used, "%s%s", used ? " " : "", word->text);
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
    .needs_photo = true,
    .needs_product = true,
    .slow = true,
    .run = run,
};

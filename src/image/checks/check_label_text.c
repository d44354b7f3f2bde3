/* check_label_text.c - the words on the product are those of the photo: models paint letters that
 * only look like them. Compares by the character error rate, the usual measure of OCR. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "image/checks/check_place.h"
#include "image/checks/check_skip.h"
#include "image/checks/check_texts.h"
#include "image/ocr/ocr_words.h"
#include "image/product/patch_match.h"

enum { MIN_LETTERS = 8 /* fewer are no measure */, MIN_CONFIDENCE = 88 };

/* Least correlation of a letter's pixels in the same print; letters that look alike, such as o and
 * a, have less. */
static const double same_letter = 0.9;

/* Reads the word's place in the image alone, as a line. */
static bool read_line(const struct check_subject *subject, const struct ocr_word *word,
                      struct ocr_text *out)
{
    struct pixel_box place;

    return check_place_find(subject, &word->box, false, MARGIN_NONE, &place) &&
           check_texts_again(subject, &place, out);
}

/* Returns the lowest correlation of a letter of the photo's word with the image at its place. */
static double print_of(const struct check_subject *subject, const struct ocr_word *word,
                       int letters)
{
    double width = (word->box.right - word->box.left + 1.0) / letters, lowest = 1;

    for (int i = 0; i < letters && lowest >= same_letter; i++) {
        struct pixel_box letter = { word->box.left + (int)(i * width), word->box.top,
                                    word->box.left + (int)((i + 1) * width) - 1, word->box.bottom };
        struct pixel_box place;

        lowest = check_place_find(subject, &letter, false, MARGIN_NONE, &place)
                     ? fmin(lowest, patch_correlation(subject->photo, letter, subject->image, place,
                                                      same_letter))
                     : -1;
    }
    return lowest;
}

/* Returns the errors of a word of the photo in the image. If they are many, its place is read
 * again, with what is around it and alone: Tesseract leaves words out, and misreads what it read in
 * the photo. If each letter has the same pixels, there are none. */
static int errors_of(const struct check_subject *subject, const struct ocr_word *word, int *letters)
{
    int errors = word_errors(word->text, &subject->texts->image, letters);

    for (int alone = 0; alone < 2 && errors * 3 > *letters; alone++) {
        struct ocr_text place;

        if (alone ? read_line(subject, word, &place)
                  : check_texts_place(subject, &word->box, false, &place)) {
            int again = word_errors(word->text, &place, letters);

            errors = again < errors ? again : errors;
            ocr_text_free(&place);
        }
    }
    return errors > 0 && print_of(subject, word, *letters) >= same_letter ? 0 : errors;
}

static void compare(const struct check_subject *subject, double limit, struct check_finding *out)
{
    char worst[32] = "";
    int all = 0, wrong = 0, worst_errors = 0;

    for (int i = 0; i < subject->texts->product.count; i++) {
        struct ocr_word word = subject->texts->product.words[i];
        int letters, errors;

        if (word_legible(&word) == 0 || word.confidence < MIN_CONFIDENCE) {
            continue;
        }
        errors = errors_of(subject, &word, &letters);
        all += letters;
        wrong += errors;
        if (errors > worst_errors) {
            worst_errors = errors;
            out->place = (struct check_place){ .in_photo = true, .photo = word.box };
            worst[0] = '\0';
            check_texts_note(worst, sizeof worst, word.text);
        }
    }
    if (all < MIN_LETTERS) {
        check_skip(out, "the photo shows no legible words on the product");
        return;
    }
    out->place.in_image =
        out->place.in_photo &&
        check_place_find(subject, &out->place.photo, false, MARGIN_TO_SHOW, &out->place.image);
    out->measured = (double)wrong / all;
    out->passed = out->measured <= limit;
    snprintf(out->message, sizeof out->message,
             out->passed ? "%d of %d letters of the label are wrong"
                         : "%d of %d letters of the label are wrong, for example in \"%s\"",
             wrong, all, worst);
}

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    struct error why = { 0 };

    out->limit = limits[0];
    if (check_lacks_match(subject, out)) {
        return;
    }
    if (!check_texts_product(subject, &why) || !check_texts_image(subject, &why)) {
        check_skip(out, why.text);
        return;
    }
    compare(subject, limits[0], out);
}

const struct check check_label_text = {
    .name = "label_text",
    .source = "character error rate (arXiv 2606.19103)",
    .limits = "maximum character error rate of the words on the product, 0 to 1",
    .limit_count = 1,
    .of_picture = true,
    .needs_photo = true,
    .needs_product = true,
    .slow = true,
    .run = run,
};

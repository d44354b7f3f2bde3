/* check_texts.c - crops and sizes at which words of the two images can be compared. */
#include "image/checks/check_texts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "image/checks/check_place.h"
#include "image/ocr/known_text.h"
#include "image/ocr/ocr_words.h"
#include "image/product/patch_match.h"
#include "image/product/product_texture.h"
#include "image/resize.h"

enum {
    MAX_EDGE = 1600,
    LARGE = 1200,
    WORD_HEIGHT = 48, /* pixels at which a single word is read again */
    NEAR = 12         /* of the product's width and height, in which its place may be off */
};

static const double reduced = 0.6;    /* scale of a product of LARGE pixels and more */
static const double same_print = 0.6; /* least correlation of the pixels of a word */

const char *check_texts_languages(const struct check_subject *subject)
{
    return subject->languages ? subject->languages : "eng";
}

bool check_texts_image(const struct check_subject *subject, struct error *why)
{
    struct check_texts *texts = subject->texts;

    if (!texts->has_image) {
        texts->has_image = ocr_read(subject->image, check_texts_languages(subject), OCR_SCATTERED,
                                    &texts->image, why);
    }
    return texts->has_image;
}

/* Returns the product's box in the image; an empty one if it is not known. */
static struct pixel_box box_in_image(const struct check_subject *subject)
{
    return product_box_of(subject->coverage, subject->image->width, subject->image->height);
}

static bool can_compare(const struct check_subject *subject)
{
    return subject->product && subject->product->has_match;
}

static bool crop_and_scale(const struct image *image, struct pixel_box box, double scale,
                           struct image *out)
{
    int width = box.right - box.left + 1, height = box.bottom - box.top + 1;
    int to_width = (int)fmax(1, lround(width * scale));
    int to_height = (int)fmax(1, lround(height * scale));
    struct image crop = { 0 };
    struct error ignored;
    bool good = image_crop(image, box.left, box.top, width, height, &crop, &ignored) &&
                image_scale(&crop, to_width, to_height, out, &ignored);

    image_free(&crop);
    return good;
}

/* Converts places in the crop to places in the photo. */
static void move_words(struct ocr_text *text, const struct pixel_box *from, double scale)
{
    for (int i = 0; i < text->count; i++) {
        struct pixel_box *box = &text->words[i].box;

        *box = (struct pixel_box){ from->left + (int)(box->left / scale),
                                   from->top + (int)(box->top / scale),
                                   from->left + (int)(box->right / scale),
                                   from->top + (int)(box->bottom / scale) };
    }
}

bool check_texts_product(const struct check_subject *subject, struct error *why)
{
    struct check_texts *texts = subject->texts;
    struct image crop = { 0 };

    if (texts->has_product || !subject->photo) {
        return texts->has_product;
    }
    if (can_compare(subject)) {
        const struct pixel_box *from = &subject->product->reference.box;
        struct pixel_box to = box_in_image(subject);
        double scale = (double)(to.right - to.left + 1) / (from->right - from->left + 1);
        int longer =
            to.right - to.left > to.bottom - to.top ? to.right - to.left : to.bottom - to.top;

        scale = longer > MAX_EDGE ? scale * MAX_EDGE / longer : scale;
        if (crop_and_scale(subject->photo, *from, scale, &crop)) {
            texts->has_product = ocr_read(&crop, check_texts_languages(subject), OCR_SCATTERED,
                                          &texts->product, why);
            move_words(&texts->product, from, scale);
        }
        image_free(&crop);
        return texts->has_product;
    }
    texts->has_product = ocr_read(subject->photo, check_texts_languages(subject), OCR_SCATTERED,
                                  &texts->product, why);
    return texts->has_product;
}

/* Reads the photo's product at another size: enlarged, or reduced if it is large already. */
static bool read_closely(const struct check_subject *subject, struct ocr_text *out)
{
    const struct image *photo = subject->photo;
    struct pixel_box box = { 0, 0, photo->width - 1, photo->height - 1 };
    struct image crop = { 0 };
    struct error ignored;
    int longer;
    bool good;

    if (subject->product && subject->product->reference.alone) {
        box = subject->product->reference.box;
    }
    longer =
        box.right - box.left > box.bottom - box.top ? box.right - box.left : box.bottom - box.top;
    good = crop_and_scale(photo, box, longer < LARGE ? (double)MAX_EDGE / (longer + 1) : reduced,
                          &crop) &&
           ocr_read(&crop, check_texts_languages(subject), OCR_SCATTERED, out, &ignored);
    image_free(&crop);
    return good;
}

/* Reads the photo in two more ways, as far as it is needed: Tesseract leaves words out. */
static bool photo_has(const struct check_subject *subject, const char *word)
{
    struct check_texts *texts = subject->texts;
    struct error ignored;

    if (!texts->has_page) {
        texts->has_page = ocr_read(subject->photo, check_texts_languages(subject), OCR_PAGE,
                                   &texts->page, &ignored);
    }
    if (texts->has_page && word_is_known(word, &texts->page)) {
        return true;
    }
    if (!texts->has_close) {
        texts->has_close = read_closely(subject, &texts->close);
    }
    return texts->has_close && word_is_known(word, &texts->close);
}

static int between(double value, int low, int high)
{
    return value < low ? low : value > high ? high : (int)value;
}

bool check_texts_place(const struct check_subject *subject, const struct pixel_box *place,
                       bool in_photo, struct ocr_text *out)
{
    const struct image *image = in_photo ? subject->photo : subject->image;
    struct image crop = { 0 };
    struct pixel_box box;
    struct error ignored;
    bool good;

    if (!check_place_find(subject, place, in_photo, MARGIN_TO_READ, &box)) {
        return false;
    }
    good =
        crop_and_scale(image, box, fmin(4, fmax(1, 2.5 * WORD_HEIGHT / (box.bottom - box.top + 1))),
                       &crop) &&
        ocr_read(&crop, check_texts_languages(subject), OCR_SCATTERED, out, &ignored);
    image_free(&crop);
    return good;
}

bool check_texts_again(const struct check_subject *subject, const struct pixel_box *place,
                       struct ocr_text *out)
{
    const struct image *image = subject->image;
    int across = (place->bottom - place->top) / 2 + 4, down = (place->bottom - place->top) / 3 + 4;
    struct pixel_box box = { between(place->left - across, 0, image->width - 1),
                             between(place->top - down, 0, image->height - 1),
                             between(place->right + across, 0, image->width - 1),
                             between(place->bottom + down, 0, image->height - 1) };
    double scale = fmin(4, fmax(1.5, 2.5 * WORD_HEIGHT / (box.bottom - box.top + 1)));
    struct image crop = { 0 };
    struct error ignored;
    bool good = crop_and_scale(image, box, scale, &crop) &&
                ocr_read(&crop, check_texts_languages(subject), OCR_LINE, out, &ignored);

    image_free(&crop);
    return good;
}

/* Returns true if the word is on the product, whose place in the photo is not known: it cannot be
 * compared closely. */
static bool is_beyond_comparison(const struct check_subject *subject, const struct pixel_box *box)
{
    size_t x = (size_t)(box->left + box->right) / 2, y = (size_t)(box->top + box->bottom) / 2;

    return subject->coverage && !(subject->product && subject->product->has_match) &&
           subject->coverage[y * (size_t)subject->image->width + x] >= COVERED;
}

/* Returns true if the photo's product has the same pixels there: small or stylised print is read in
 * one of two images only. */
static bool has_same_print(const struct check_subject *subject, const struct pixel_box *box)
{
    struct pixel_box place;

    return check_place_find(subject, box, true, MARGIN_NONE, &place) &&
           patch_correlation(subject->image, *box, subject->photo, place, same_print) >= same_print;
}

/* Returns true if the word is in a scene, away from the product: a part of a word that the product
 * bears is no reason for it. */
static bool is_beside_product(const struct check_subject *subject, const struct pixel_box *box)
{
    const struct pixel_box *at = &subject->product->scene.box;
    int x = (box->left + box->right) / 2, y = (box->top + box->bottom) / 2;
    int margin = (at->right - at->left + at->bottom - at->top) / NEAR;

    return x < at->left - margin || x > at->right + margin || y < at->top - margin ||
           y > at->bottom + margin;
}

bool check_texts_on_product(const struct check_subject *subject, const struct ocr_word *word)
{
    struct ocr_text place;
    struct error ignored;
    bool known;

    if (subject->product && subject->product->has_scene && subject->product->scene.known &&
        is_beside_product(subject, &word->box)) {
        return false;
    }
    if (subject->photo && !check_texts_product(subject, &ignored)) {
        return true; /* the photo cannot be read: nothing is known against the word */
    }
    if (subject->photo &&
        (word_is_known(word->text, &subject->texts->product) || photo_has(subject, word->text))) {
        return true;
    }
    if (subject->photo && has_same_print(subject, &word->box)) {
        return true;
    }
    if (!check_texts_place(subject, &word->box, true, &place)) {
        return is_beyond_comparison(subject, &word->box);
    }
    known = word_is_known(word->text, &place);
    ocr_text_free(&place);
    return known;
}

void check_texts_note(char *list, size_t size, const char *word)
{
    size_t used = strlen(list);

    if (used + strlen(word) + 2 <= size) {
        snprintf(list + used, size - used, "%s%s", used ? " " : "", word);
    }
}

void check_texts_free(struct check_texts *texts)
{
    ocr_text_free(&texts->image);
    ocr_text_free(&texts->product);
    ocr_text_free(&texts->page);
    ocr_text_free(&texts->close);
    *texts = (struct check_texts){ 0 };
}

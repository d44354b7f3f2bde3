/* check_texts.h - the words of the image and of the photo, read once for all checks. */
#ifndef IMAGE_CHECKS_CHECK_TEXTS_H
#define IMAGE_CHECKS_CHECK_TEXTS_H
#include "image/checks/check.h"
#include "image/ocr/ocr.h"

struct check_texts {
    bool has_image, has_product, has_page, has_close; /* the words are set */
    struct ocr_text page;    /* of the complete photo, separated from its paper in another way */
    struct ocr_text image;   /* of the complete image */
    struct ocr_text product; /* of the product in the photo, at the size it has in the image; of the
                                complete photo if the product's place is not known */
    struct ocr_text close;   /* of the product in the photo, at another size */
};

/* Returns the names of Tesseract's data files that words are read with. */
const char *check_texts_languages(const struct check_subject *subject);

/* Each reads at the first call. Returns false, with the reason in *why, if nothing can be read. */
bool check_texts_image(const struct check_subject *subject, struct error *why);
bool check_texts_product(const struct check_subject *subject, struct error *why);

/* Reads a place of one image, given as the place of a word in the other, with a margin and
 * enlarged. The place is in pixels of the image, or of the product in the photo if `in_photo`.
 * Frees nothing in *out if it fails. */
bool check_texts_place(const struct check_subject *subject, const struct pixel_box *place,
                       bool in_photo, struct ocr_text *out);

/* Returns true if the photo shows the word of the image, perhaps only when its place is enlarged,
 * or when the photo is read as a page, where bright words on dark are found. Also returns true if
 * that cannot be told. */
bool check_texts_on_product(const struct check_subject *subject, const struct ocr_word *word);

/* Reads a place of the image again, enlarged. Frees nothing in *out if it fails. */
bool check_texts_again(const struct check_subject *subject, const struct pixel_box *place,
                       struct ocr_text *out);

/* Appends a word to a list for a message, if it fits as a whole. */
void check_texts_note(char *list, size_t size, const char *word);

void check_texts_free(struct check_texts *texts);
#endif

/* likeness.h - does a made image show the product of the seller's photo? Told by its outline and
 * shading (a perceptual hash) and by its colours, so that variants of an image can be ranked.
 *
 * Both sides are reduced to a print of some hundred bytes: the photo's is made where the photo is
 * decoded, and compared with that of each image that comes. */
#ifndef IMAGE_LIKENESS_H
#define IMAGE_LIKENESS_H
#include "image/palette.h"

enum { LIKENESS_SHAPE = 63 };

struct likeness_print {
    bool alone; /* a product on a plain or clear ground: all here is of the product alone */
    float shape[LIKENESS_SHAPE]; /* its low frequencies, as pHash takes them, but not cut to bits:
                                    those of a symmetric product lie about nought */
    struct palette palette;
};

/* ERROR_INTERNAL where there is no memory. */
bool likeness_print(const struct image *image, struct likeness_print *out,
                    struct error *err) MUST_CHECK;

struct likeness {
    double shape;  /* 0 (nothing alike) to 1 (the same); -1: not told, one of them is a scene */
    double colour; /* Lab distance that the product's colours lie from those of the image, mean */
    double score;  /* 0 to 1, of both */
};

void likeness_compare(const struct likeness_print *photo, const struct likeness_print *made,
                      struct likeness *out);
#endif

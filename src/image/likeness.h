/* likeness.h - similarity of a generated image to the product in the seller's photo, by outline and
 * shading (a perceptual hash) and by colours. Ranks variants of an image.
 *
 * Both images are reduced to a fingerprint of some hundred bytes. The photo's is computed when
 * the photo is decoded, and compared with that of each generated image. */
#ifndef IMAGE_LIKENESS_H
#define IMAGE_LIKENESS_H
#include "image/palette.h"

enum { LIKENESS_SHAPE = 63 };

struct likeness_fingerprint {
    bool alone; /* computed from the product only: it stands on a plain or transparent background */
    float shape[LIKENESS_SHAPE]; /* low frequencies as in pHash, but not reduced to bits, because
                                    those of a symmetric product are close to zero */
    struct lab_palette palette;
};

/* Fails with ERROR_INTERNAL if memory runs out. */
bool likeness_fingerprint(const struct image *image, struct likeness_fingerprint *out,
                          struct error *err) MUST_CHECK;

struct likeness {
    double shape;  /* 0 (different) to 1 (equal); -1 if unknown because one of them is a scene */
    double colour; /* mean Lab distance of the product's colours from those of the image */
    double score;  /* 0 to 1, from both */
};

void likeness_compare(const struct likeness_fingerprint *photo,
                      const struct likeness_fingerprint *made, struct likeness *out);
#endif

/* backdrop.h - the backdrop of a photo as a smooth function of the position: light that falls off
 * towards the corners or to one side does not look like product. */
#ifndef IMAGE_CUT_OUT_BACKDROP_H
#define IMAGE_CUT_OUT_BACKDROP_H
#include "image/image.h"

enum {
    BACKDROP_TERMS = 15,      /* of a polynomial of degree 4 in x and y */
    BACKDROP_EDGE_MAX = 1000, /* longest side of an image, in pixels */
    BACKDROP_EXTRA = 9        /* values behind the last pixel that backdrop_render may write */
};

struct backdrop {
    double terms[3][BACKDROP_TERMS]; /* per channel */
    int degree;
    double noise; /* standard deviation of a pixel around the function */
};

/* Fits a function of degree 2 to the border of the image. Returns false, with a reason, if the
 * border has more than one colour or something touches it. The image has at least 16 x 16 pixels.
 */
bool backdrop_fit_border(const struct image *image, struct backdrop *out, const char **why_not);

/* Only pixels whose number is a multiple of this are read by backdrop_refine. */
int backdrop_sample_step(const struct image *image);
/* Fits a function of degree 4 to the pixels of the image that are not 0 in `use`. Leaves *out
 * unchanged if they are too few. */
void backdrop_refine(const struct image *image, const uint8_t *use, struct backdrop *out);

/* Writes the function's value at each pixel, times 16, three channels. `out` has room for
 * BACKDROP_EXTRA values more. */
void backdrop_render(const struct backdrop *backdrop, int width, int height, int16_t *out);
#endif

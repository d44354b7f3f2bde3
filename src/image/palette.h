/* palette.h - the colours of a picture in CIE Lab, and how far those of two pictures lie apart. */
#ifndef IMAGE_PALETTE_H
#define IMAGE_PALETTE_H
#include "image/image.h"

enum { PALETTE_COLOURS = 48, PALETTE_OPAQUE = 128 };

struct palette_colour {
    float l, a, b; /* D65 */
    float share;   /* of the pixels; all together 1 */
};

struct palette {
    int count;
    struct palette_colour colours[PALETTE_COLOURS]; /* each is the mean of colours near it */
};

/* Of the pixels whose alpha is PALETTE_OPAQUE and more; empty where there are none. ERROR_INTERNAL
 * where there is no memory. */
bool palette_of(const struct image *image, struct palette *out, struct error *err) MUST_CHECK;

/* How far the colours of `from` are from those of `to`, in Lab distance, the mean over all pixels;
 * lightness counts half, for light differs from picture to picture. `part`: so much of `to` may
 * have come from `from`: 1 where both show the same and nothing else. Negative: one is empty. */
double palette_distance(const struct palette *from, const struct palette *to, double part);
#endif

/* palette.h - the colours of an image in CIE Lab, and the distance of two palettes. */
#ifndef IMAGE_PALETTE_H
#define IMAGE_PALETTE_H
#include "image/image.h"

enum { PALETTE_COLOURS = 48, PALETTE_OPAQUE = 128 };

struct palette_colour {
    float l, a, b; /* D65 */
    float share;   /* share of the pixels; all shares sum to 1 */
};

struct lab_palette {
    int count;
    struct palette_colour colours[PALETTE_COLOURS]; /* each is the mean of similar colours */
};

/* Uses the pixels with an alpha of at least PALETTE_OPAQUE; empty if there are none. Fails with
 * ERROR_INTERNAL if memory runs out. */
bool palette_of(const struct image *image, struct lab_palette *out, struct error *err) MUST_CHECK;

/* Returns the mean Lab distance of the colours of `from` to those of `to`. Lightness counts
 * half, since lighting differs. `part`: the share of `to` that may come from `from`; 1 if both
 * show the same object and nothing else. Negative if one palette is empty. */
double palette_distance(const struct lab_palette *from, const struct lab_palette *to, double part);
#endif

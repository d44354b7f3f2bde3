/* patch_match.h - whether a place of one image shows the same print as a place of another. */
#ifndef IMAGE_PRODUCT_PATCH_MATCH_H
#define IMAGE_PRODUCT_PATCH_MATCH_H
#include "image/measure.h"

/* Returns the highest correlation of the brightness of `place` with that of `expected` in the other
 * image, and of places a little beside it, -1 to 1; stops looking at one of `enough`. A plain place
 * correlates with nothing. Returns -1 too if a place is too small, or if memory runs out. */
double patch_correlation(const struct image *image, struct pixel_box place,
                         const struct image *other, struct pixel_box expected, double enough);
#endif

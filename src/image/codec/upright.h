/* upright.h - applies the EXIF orientation. */
#ifndef IMAGE_CODEC_UPRIGHT_H
#define IMAGE_CODEC_UPRIGHT_H
#include "image/image.h"

/* Turns `image` upright into `out`, another image of the same size, with its sides swapped for
 * orientations 5 to 8. */
void turn_upright(const struct image *image, int orientation, struct image *out);

static inline bool swaps_sides(int orientation)
{
    return orientation >= 5;
}
#endif

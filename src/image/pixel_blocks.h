/* pixel_blocks.h - measures whether an image consists of blocks. */
#ifndef IMAGE_PIXEL_BLOCKS_H
#define IMAGE_PIXEL_BLOCKS_H
#include "image/image.h"

/* Returns how much the edges of an image are concentrated on a grid of 2 to 16 pixels, in both
 * directions: 0 = not at all, 1 = all of them, as in an image enlarged by repeating pixels. Returns
 * 0 without memory. */
double pixel_blocks_of(const struct image *image);
#endif

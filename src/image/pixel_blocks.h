/* pixel_blocks.h - measures whether an image consists of blocks: repeated pixels, or the blocks of
 * strong compression. */
#ifndef IMAGE_PIXEL_BLOCKS_H
#define IMAGE_PIXEL_BLOCKS_H
#include "image/image.h"

struct pixel_blocks {
    /* How much the edges of an image are concentrated on a grid of 2 to 16 pixels, in both
     * directions: 0 = not at all, 1 = all of them, as in an image enlarged by repeating pixels. */
    double repeated;
    /* How many times more often there is a step at the borders of blocks of 8 pixels than
     * elsewhere, in both directions: 1 to 3 in most images, up to 12.5 after JPEG of quality 60, 17
     * and more after quality 10. A step is larger than what is on both sides of it. */
    double steps;
};

/* Both are 0 without memory. */
struct pixel_blocks pixel_blocks_of(const struct image *image);
#endif

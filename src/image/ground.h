/* ground.h - separates background from product in an image on white. */
#ifndef IMAGE_GROUND_H
#define IMAGE_GROUND_H
#include "image/image.h"

/* A pixel connected to the border counts as background if all channels are within this distance
 * of 255. It should be exactly 255. */
enum { NEAR_WHITE = 16 };

struct ground {
    int left, top, right,
        bottom;        /* bounding box of everything else; right < left if there is nothing */
    int64_t count;     /* background pixels: near white and connected to the border */
    int64_t off_white; /* background and border pixels that are not exactly 255 */
    int max_off_white; /* largest distance of one of those from 255 */
};

/* `coverage` has one byte per pixel, NULL if it is not known: pixels with COVERED and more belong
 * to the product, even if they are white and connected to the border. Returns false if memory runs
 * out. */
enum { COVERED = 250 };
bool ground_find(const struct image *image, const uint8_t *coverage, struct ground *out);

/* Returns the number of pixels without any coverage that are not exactly 255, and sets *most to the
 * largest distance of one of them. */
int64_t ground_off_white_uncovered(const struct image *image, const uint8_t *coverage, int *most);

/* Sets all background pixels to pure white. Returns false if memory runs out. */
bool ground_whiten(struct image *image, const uint8_t *coverage);
#endif

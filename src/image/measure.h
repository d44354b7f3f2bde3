/* measure.h - measurements over all pixels, for checks. */
#ifndef IMAGE_MEASURE_H
#define IMAGE_MEASURE_H
#include "image/image.h"

double measure_contrast(const struct image *image);  /* standard deviation of brightness */
double measure_sharpness(const struct image *image); /* standard deviation of the Laplacian of
                                                        green; 0 if the image is too small */
struct pixel_box {                                   /* inclusive; right < left if it is empty */
    int left, top, right, bottom;
};

/* Brightness of a pixel, in eighths of a level. */
static inline int brightness_of(const uint8_t *rgb)
{
    return rgb[0] * 2 + rgb[1] * 5 + rgb[2];
}

/* Finds the pixels with an alpha of at least `min_alpha` (all, in an image without alpha). Returns
 * their number and sets their bounding box. */
int64_t measure_visible(const struct image *image, uint8_t min_alpha, struct pixel_box *box);
size_t measure_transparent(const struct image *image); /* number of pixels that are not opaque */

/* Writes for each pixel how far its smallest channel is from 255; distances above `max_distance`
 * become 255. */
void measure_from_white(const struct image *image, uint8_t max_distance, uint8_t *map);
#endif

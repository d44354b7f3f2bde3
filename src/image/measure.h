/* measure.h - what checks measure over all pixels. */
#ifndef IMAGE_MEASURE_H
#define IMAGE_MEASURE_H
#include "image/image.h"

double measure_contrast(const struct image *image);  /* standard deviation of brightness */
double measure_sharpness(const struct image *image); /* of green's Laplacian; 0: too small for it */
size_t measure_clear(const struct image *image);     /* pixels that are not opaque */

/* Of each pixel, how far the least of its three channels is from 255; more than `most` is 255. */
void measure_from_white(const struct image *image, uint8_t most, uint8_t *map);
#endif

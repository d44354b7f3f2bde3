/* resize.h - cropping and scaling. Linear-light is not used: matches what browsers and sharp do. */
#ifndef IMAGE_RESIZE_H
#define IMAGE_RESIZE_H
#include "image/image.h"

/* Lanczos3, separable, alpha premultiplied while filtering. */
bool image_scale(const struct image *in, int width, int height, struct image *out,
                 struct error *err) MUST_CHECK;
bool image_crop(const struct image *in, int x, int y, int width, int height, struct image *out,
                struct error *err) MUST_CHECK;

/* Crops to the ratio of the wanted size around the centre, then scales down. Fails with
 * ERROR_OUTPUT rather than enlarge. */
bool image_cover(const struct image *in, int width, int height, struct image *out,
                 struct error *err) MUST_CHECK;
#endif

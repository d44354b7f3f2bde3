/* resize.h - cropping and scaling. Does not use linear light, like browsers and sharp. */
#ifndef IMAGE_RESIZE_H
#define IMAGE_RESIZE_H
#include "image/image.h"

/* Scales with Lanczos3, with alpha premultiplied during filtering. */
bool image_scale(const struct image *in, int width, int height, struct image *out,
                 struct error *err) MUST_CHECK;
bool image_crop(const struct image *in, int x, int y, int width, int height, struct image *out,
                struct error *err) MUST_CHECK;

/* Crops around the centre to the target's aspect ratio, then scales down. Fails with
 * ERROR_OUTPUT if it would have to enlarge. */
bool image_cover(const struct image *in, int width, int height, struct image *out,
                 struct error *err) MUST_CHECK;
#endif

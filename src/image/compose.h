/* compose.h - cuts the product out and places it on pure white. */
#ifndef IMAGE_COMPOSE_H
#define IMAGE_COMPOSE_H
#include "image/image.h"

/* Returns true if the photo's backdrop is plain enough for image_cut_out: the border has one
 * colour within a tolerance, and no product touches it. *why_not explains a false result. */
bool backdrop_is_plain(const struct image *photo, const char **why_not);

/* Makes the backdrop of a plain photo transparent: flood fill from the border, soft edge,
 * backdrop colour removed from edge pixels. out has 4 channels. Fails with ERROR_INPUT if the
 * backdrop is not plain. */
bool image_cut_out(const struct image *photo, struct image *out, struct error *err) MUST_CHECK;

struct composed { /* position of the product on the canvas, in pixels of the canvas */
    int left, top, width, height;
    double enlarged; /* scale factor of the cut-out; 1 or less if it was not enlarged */
};

/* Trims the cut-out to its opaque part, scales it until its longer side takes `fill` of the
 * canvas, centres it on white, and sets near-white background pixels to 255. Fails with
 * ERROR_INPUT, naming the photo's size, if the scale exceeds `max_enlarge`. out has 3 channels. */
bool image_on_white(const struct image *cut_out, int width, int height, double fill,
                    double max_enlarge, struct image *out, struct composed *how,
                    struct error *err) MUST_CHECK;

/* Composites on white: 4 channels in, 3 channels out. */
bool image_flatten(const struct image *in, struct image *out, struct error *err) MUST_CHECK;
#endif

/* compose.h - places a product that was cut out on pure white. */
#ifndef IMAGE_COMPOSE_H
#define IMAGE_COMPOSE_H
#include "image/image.h"

struct white_canvas {
    int width, height;         /* wanted */
    int min_width, min_height; /* smallest canvas; 0: as wanted */
    double fill;               /* share of the canvas that the product's longer side takes */
    double max_enlarge;        /* largest scale factor, used on the smallest canvas only */
};

struct composed { /* position of the product on the canvas, in pixels of the canvas */
    int left, top, width, height;
    double enlarged;   /* scale factor of the cut-out; 1 or less if it was not enlarged */
    uint8_t *coverage; /* alpha of the product at each pixel of the canvas; free() */
};

/* Trims the cut-out to its opaque part and centres it on white. The canvas is the largest, up to
 * the size wanted, for which the product need not be enlarged; if that is smaller than the smallest
 * one, the product is enlarged for it. Background pixels that are almost white become 255; pixels
 * of the product keep their values. Fails with ERROR_INPUT, naming the product's size, if the scale
 * exceeds max_enlarge. out has 3 channels. */
bool image_on_white(const struct image *cut_out, const struct white_canvas *canvas,
                    struct image *out, struct composed *how, struct error *err) MUST_CHECK;

/* Composites on white: 4 channels in, 3 channels out. */
bool image_flatten(const struct image *in, struct image *out, struct error *err) MUST_CHECK;
#endif

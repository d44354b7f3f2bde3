/* compose.h - the product alone on pure white. */
#ifndef IMAGE_COMPOSE_H
#define IMAGE_COMPOSE_H
#include "image/image.h"

/* True where the picture's backdrop is plain enough for image_cut_out: its border is of one colour
 * within a tolerance, with no product touching it. *why_not says what is in the way. */
bool backdrop_is_plain(const struct image *photo, const char **why_not);

/* Makes the backdrop of a plain photo transparent (flood from the border, soft edge, colour of the
 * backdrop taken out of edge pixels). out has 4 channels. ERROR_INPUT where it is not plain. */
bool image_cut_out(const struct image *photo, struct image *out, struct error *err) MUST_CHECK;

struct composed { /* how the product stands on the canvas; pixels of the canvas */
    int left, top, width, height;
    double enlarged; /* factor by which the cut-out was enlarged; 1 or less: it was not */
};

/* Trims the cut-out to what is opaque, scales it so that its longer side takes `fill` of the
 * canvas, centres it on white, and snaps near-white background to 255. `max_enlarge` bounds the
 * scale (ERROR_INPUT with the photo's size beyond it). out has 3 channels. */
bool image_on_white(const struct image *cut_out, int width, int height, double fill,
                    double max_enlarge, struct image *out, struct composed *how,
                    struct error *err) MUST_CHECK;

/* Flattens on white (4 to 3 channels). */
bool image_flatten(const struct image *in, struct image *out, struct error *err) MUST_CHECK;
#endif

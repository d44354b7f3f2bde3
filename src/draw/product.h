/* product.h - the seller's photo as an object in a picture: cut out if its backdrop is plain,
 * else as a framed photo. */
#ifndef DRAW_PRODUCT_H
#define DRAW_PRODUCT_H
#include "draw/canvas.h"

struct product {
    cairo_surface_t *surface; /* a cut-out is trimmed to its visible part */
    int width, height;
    struct image pixels;  /* those of the surface */
    bool cut;             /* true for a cut-out */
    struct colour colour; /* most saturated colour; grey if there is none */
};

/* Decodes a photo of any format of image.h. Fails with ERROR_INPUT if it cannot be read. */
bool product_open(const struct blob *photo, struct product *out, struct error *err) MUST_CHECK;
void product_close(struct product *product);

/* Returns the colour that a viewer remembers: the mean of an image's saturated pixels; grey if
 * there are none. */
struct colour product_colour(const struct image *image);

/* Draws the product as large as the box allows, centred horizontally and on the box's floor,
 * with a shadow; a photo that could not be cut out becomes a rounded card. Returns its position. */
struct box product_place(struct canvas *canvas, const struct product *product, struct box box,
                         double shadow);
/* Computes the position without drawing. */
struct box product_fit(const struct product *product, struct box box);
/* Draws without a shadow, filling this box, rounded to whole pixels. */
void product_paint(struct canvas *canvas, const struct product *product, struct box at);
/* Draws a shadow on the floor, away from the light; lean < 0 points to the left. */
void product_cast_shadow(struct canvas *canvas, const struct product *product, struct box at,
                         double lean, double alpha);
#endif

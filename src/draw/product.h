/* product.h - the seller's photo as something that can be put into a picture: cut out where its
 * backdrop is plain, as a framed photo where it is not. */
#ifndef DRAW_PRODUCT_H
#define DRAW_PRODUCT_H
#include "draw/canvas.h"

struct product {
    cairo_surface_t *surface; /* cut-outs: trimmed to what can be seen */
    int width, height;
    bool cut;             /* it was cut out */
    struct colour colour; /* the strongest colour in it: grey where it has none */
};

/* Decodes a photo (any format of image.h). ERROR_INPUT where it cannot be read. */
bool product_open(const struct blob *photo, struct product *out, struct error *err) MUST_CHECK;
void product_close(struct product *product);

/* As large as it fits into the box, in the middle across and on the box's floor (cut-outs), with a
 * shadow where it stands; a photo that could not be cut out as a rounded card. Returns where. */
struct box product_stand(struct canvas *canvas, const struct product *product, struct box box,
                         double shadow);
/* The same without drawing. */
struct box product_fit(const struct product *product, struct box box);
/* Drawn so as to fill this box exactly, without a shadow. */
void product_paint(struct canvas *canvas, const struct product *product, struct box at);
/* Fills the box, cut by its edges, around the point (0..1) of the product. */
void product_close_up(struct canvas *canvas, const struct product *product, struct box box,
                      double zoom, const double point[2]);
/* A shadow on the floor, thrown away from the light: lean < 0 to the left. */
void product_cast(struct canvas *canvas, const struct product *product, struct box at, double lean,
                  double alpha);
#endif

/* product_locate.h - finds the product of an image in the seller's photo, where it could not be cut
 * out: too close in colour to its backdrop, transparent, or with small things beside it. */
#ifndef IMAGE_PRODUCT_PRODUCT_LOCATE_H
#define IMAGE_PRODUCT_PRODUCT_LOCATE_H
#include "image/product/product_view.h"

struct product_found {
    struct pixel_box box; /* in pixels of `photo` */
    double overlap;       /* of what the photo shows before its backdrop and of the product; 0 if
                             the product has the photo's backdrop around it */
    struct light light;   /* in which the product fits better; .gain 0: the photo's own */
    float backdrop[3];    /* in that light */
    double absent; /* largest connected part of what the photo shows beside it, shadows left out, of
                      its area */
};

/* Looks for the place and size at which the product, before the photo's backdrop, is most like the
 * photo. Returns false if the backdrop is not plain, or if memory runs out. */
bool product_locate(const struct product_view *product, const struct image *photo,
                    struct product_found *out);
#endif

/* product_tilt.h - compares a product that is turned by some degrees against the photo's. */
#ifndef IMAGE_PRODUCT_PRODUCT_TILT_H
#define IMAGE_PRODUCT_PRODUCT_TILT_H
#include "image/product/product_match.h"

/* Turns the product of the photo by up to 6 degrees to either side, if its details do not match
 * those of the other view. If they do then, *match becomes that comparison, with the angle in
 * match->tilt; else it stays as it is. */
void product_match_tilted(const struct product_reference *reference,
                          const struct product_view *made, struct product_match *match);
#endif

/* product_recolour.h - finds a part of the product, however small, that has another colour. */
#ifndef IMAGE_PRODUCT_PRODUCT_RECOLOUR_H
#define IMAGE_PRODUCT_PRODUCT_RECOLOUR_H
#include "image/product/product_view.h"

enum recolour {
    RECOLOUR_CLEAR, /* red is grey, or blue violet */
    RECOLOUR_SLIGHT /* another hue of a dark or pale colour; light and noise do this to small parts
                     */
};

/* Returns the largest connected part of `one` with a strong colour that `other` does not show there
 * or around, of the product, 0 to 1. */
double product_recoloured(const struct product_view *one, const struct product_view *other,
                          enum recolour how);
/* The same, clearly, if light of another colour may fall on `other`, as in a scene. */
double product_recoloured_in_light(const struct product_view *one,
                                   const struct product_view *other);
#endif

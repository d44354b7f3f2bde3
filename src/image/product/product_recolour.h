/* product_recolour.h - finds a part of the product, however small, that has another colour. */
#ifndef IMAGE_PRODUCT_PRODUCT_RECOLOUR_H
#define IMAGE_PRODUCT_PRODUCT_RECOLOUR_H
#include "image/product/product_view.h"

/* Returns the largest connected part of `one` with a strong colour that `other` clearly does not
 * show there or around, of the product, 0 to 1: red is grey, or blue is yellow. The light may have
 * another colour. */
double product_recoloured(const struct product_view *one, const struct product_view *other);
/* The same for another hue of a colour that may be dark or pale. 0 if the backdrop of `one` does
 * not show that its light has no colour; noise and reflections do this to small parts. */
double product_tinted(const struct product_view *one, const struct product_view *other);
#endif

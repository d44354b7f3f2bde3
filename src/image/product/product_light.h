/* product_light.h - compares a product with the seller's photo as if both had the same light. */
#ifndef IMAGE_PRODUCT_PRODUCT_LIGHT_H
#define IMAGE_PRODUCT_PRODUCT_LIGHT_H
#include "image/product/product_match.h"

/* A photo by lamplight shows a product yellow, and one that is exposed for a white backdrop shows
 * it dark; a model shows it neither. Compares the views, and again with the light that the photo's
 * backdrop allows taken from it; keeps the comparison in which the colours are more alike. Then
 * reference->view is in that light, which is added to reference->light. */
void product_match_in_light(struct product_reference *reference, const struct product_view *made,
                            struct product_match *match);
#endif

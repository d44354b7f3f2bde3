/* print_match.h - whether the prints and labels of the product are those of the photo. */
#ifndef IMAGE_PRODUCT_PRINT_MATCH_H
#define IMAGE_PRODUCT_PRINT_MATCH_H
#include "image/product/product_view.h"

struct print_match {
    int places;    /* of the photo's product that have strong contrast: letters, lines, buttons */
    int different; /* of them, that the image does not show at the same place or a little beside */
    struct pixel_box where; /* around those, in pixels of the photo; empty if there are none */
};

/* Compares the photo's product with the one that an image shows in `box`. */
struct print_match print_match(const struct product_reference *reference, const struct image *image,
                               struct pixel_box box);
#endif

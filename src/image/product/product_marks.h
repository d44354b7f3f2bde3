/* product_marks.h - finds what was laid over the product: watermarks, logos, lines, stickers. */
#ifndef IMAGE_PRODUCT_PRODUCT_MARKS_H
#define IMAGE_PRODUCT_PRODUCT_MARKS_H
#include "image/product/product_match.h"

/* Returns the share of the product, 0 to 1, with contrast that the photo does not have there or
 * near there. `made_box` is the product's box in `made`; *where is set to the part of it where such
 * contrast is dense, empty if it is nowhere. Returns -1 if the product is too small, or if memory
 * runs out. */
double product_marks(const struct product_reference *reference, const struct image *made,
                     struct pixel_box made_box, const struct product_view *made_view,
                     const struct product_match *match, struct pixel_box *where);
#endif

/* scene_product.h - how a scene shows the product of the photo: where, which way round, how much of
 * it, and how often. */
#ifndef IMAGE_PRODUCT_SCENE_PRODUCT_H
#define IMAGE_PRODUCT_SCENE_PRODUCT_H
#include "image/product/product_match.h"

struct scene_product {
    bool known;             /* the scene has a near copy of the product, in the photo's view; else
                               the other fields are not set */
    enum product_turn turn; /* of the copy */
    struct pixel_box box;   /* of the copy, in pixels of the scene */
    double detail;  /* correlation of its details with the photo's, without what is missing */
    double upright; /* the same for the product that is not turned, at its best place */
    double missing; /* largest connected part that the scene does not show, of the product */
    double second;  /* correlation at the best place beside the box; 0: nothing like it */
    struct pixel_box second_box; /* where that is */
    struct product_view view;    /* of the copy; alpha is the photo's. Set if it is not turned */
};

/* Looks for the product at many places and sizes, as it is, mirrored and turned. A model may show
 * the product from another side: then no place has its details, and nothing is known. Returns false
 * if memory runs out. */
bool scene_product_find(const struct product_view *product, const struct image *scene,
                        struct scene_product *out);
#endif

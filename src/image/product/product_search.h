/* product_search.h - looks for a product in a scene. */
#ifndef IMAGE_PRODUCT_PRODUCT_SEARCH_H
#define IMAGE_PRODUCT_PRODUCT_SEARCH_H
#include "image/product/product_view.h"

struct product_place {
    double distance; /* mean distance in Lab at the best place; lightness counts half */
    double contrast; /* the same for the surroundings of that place: how much it stands out */
    struct pixel_box box;
};

/* Tries places and sizes, from a sixth of the scene's shorter side up. The model may change pose
 * and light, so that only coarse colours are compared. Returns false if memory runs out. */
bool product_search(const struct product_view *product, const struct image *scene,
                    struct product_place *out);
#endif

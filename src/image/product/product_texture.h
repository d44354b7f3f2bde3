/* product_texture.h - sharpness and noise inside the product, measured at the same size in both
 * images, so that they can be compared. */
#ifndef IMAGE_PRODUCT_PRODUCT_TEXTURE_H
#define IMAGE_PRODUCT_PRODUCT_TEXTURE_H
#include "image/product/product_view.h"

struct product_texture {
    double edges; /* root mean square of the Laplacian of brightness, in levels; of a photo, without
                     the noise that its ground has */
    double noise; /* its median: what is everywhere, also where nothing is drawn */
    double ground; /* its median beside the product; 0 if there is too little */
    double fine; /* `edges` by those of the image reduced to a half: 0.6 and more in a sharp image,
                    0.4 and less in one enlarged to twice its size */
};

/* Measures both images with the product scaled to the same width, no larger than in either, or than
 * `made_width`: that of the product in the model's answer. `made_box` is the product's box in
 * `made`, which has 3 channels. Returns false if the product is too small to tell, or if memory
 * runs out. */
bool product_textures(const struct product_reference *reference, const struct image *made,
                      struct pixel_box made_box, int made_width,
                      const struct product_view *made_view, struct product_texture *photo_out,
                      struct product_texture *made_out);

/* Finds the pixels whose coverage is at least half. */
struct pixel_box product_box_of(const uint8_t *coverage, int width, int height);
#endif

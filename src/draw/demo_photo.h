/* demo_photo.h - a photo of an imaginary product, for the demo and the tests. */
#ifndef DRAW_DEMO_PHOTO_H
#define DRAW_DEMO_PHOTO_H
#include "image/image.h"

/* Draws an insulated steel bottle on a plain light backdrop, size x size pixels, 3 channels;
 * always the same. assets/demo/product.jpg is this image at 1600 pixels. */
bool demo_photo_draw(int size, struct image *out, struct error *err) MUST_CHECK;
#endif

/* demo_photo.h - a product that never was, as a photo: what the demo and the tests work on. */
#ifndef DRAW_DEMO_PHOTO_H
#define DRAW_DEMO_PHOTO_H
#include "image/image.h"

/* An insulated steel bottle on a plain light backdrop, size x size pixels, 3 channels; always the
 * same. assets/demo/product.jpg is this at 1600 pixels. */
bool sample_photo(int size, struct image *out, struct error *err) MUST_CHECK;
#endif

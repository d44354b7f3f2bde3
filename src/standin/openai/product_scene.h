/* product_scene.h - draws the pixels of a stand-in image. */
#ifndef STANDIN_OPENAI_PRODUCT_SCENE_H
#define STANDIN_OPENAI_PRODUCT_SCENE_H
#include "image/image.h"
#include "standin/openai/product_image.h"

/* Draws with 4 channels if spec->transparent, otherwise with 3. */
bool product_scene_draw(const struct product_image_spec *spec, struct image *out,
                        struct error *err) MUST_CHECK;
#endif

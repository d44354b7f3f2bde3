/* product_scene.h - the pixels of a stand-in's picture. */
#ifndef STANDIN_OPENAI_PRODUCT_SCENE_H
#define STANDIN_OPENAI_PRODUCT_SCENE_H
#include "image/image.h"
#include "standin/openai/product_image.h"

/* 4 channels where wish->transparent, 3 otherwise. */
bool product_scene_draw(const struct product_image_spec *wish, struct image *out,
                        struct error *err) MUST_CHECK;
#endif

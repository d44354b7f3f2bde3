/* scene.h - the images of the offline provider, one file for each type. A scene draws the product
 * photo and the facts of the brief; equal requests give equal images. */
#ifndef PROVIDERS_OFFLINE_SCENE_H
#define PROVIDERS_OFFLINE_SCENE_H
#include "draw/canvas.h"
#include "draw/product.h"
#include "providers/provider.h"

struct scene_colours {     /* of the brand kit; colours that it lacks come from the product */
    struct colour primary; /* large surfaces, headlines */
    struct colour accent;  /* small marks that must stand out */
    struct colour ground;  /* light background */
    struct colour ink;     /* text on the ground */
};

struct scene {
    struct canvas canvas; /* of the requested size; white at first */
    const struct model_request *request;
    const struct brief *brief;
    struct product product;
    struct scene_colours colours;
    double unit; /* a hundredth of the canvas's shorter side, in pixels */
};

/* Draws the requested image; the caller frees `out` with image_free. Fails with ERROR_INPUT if the
 * photo cannot be read. */
bool scene_render(const struct model_request *request, struct image *out,
                  struct error *err) MUST_CHECK;

/* Draws the product in the box with a shadow of this strength, 0 to 1. Draws a card with the
 * product's initial if the request has no photo. */
void scene_draw_product(struct scene *scene, struct box box, double shadow);

void scene_main_image(struct scene *scene);
void scene_plate(struct scene *scene); /* the product without text, for a composed image */
void scene_lifestyle(struct scene *scene);

/* Write features, or A+ modules, as JSON of the request's schema into the request's arena. The text
 * comes from the project's own description. Fail with ERROR_INTERNAL if memory is exhausted. */
bool words_features(const struct model_request *request, const char **json,
                    struct error *err) MUST_CHECK;
bool words_aplus(const struct model_request *request, bool premium, const char **json,
                 struct error *err) MUST_CHECK;
#endif

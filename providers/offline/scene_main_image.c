/* scene_main_image.c - the product alone on white, as marketplaces require of the main image. */
#include <math.h>

#include "draw/shape.h"
#include "providers/offline/scene.h"

static const double share = 0.88; /* of the longer side; marketplaces require 0.85 */

void scene_main_image(struct scene *scene)
{
    struct canvas *canvas = &scene->canvas;
    double side = fmax(canvas->width, canvas->height) * share;
    double width = fmin(side, canvas->width * 0.96), height = fmin(side, canvas->height * 0.96);
    struct box frame = { (canvas->width - width) / 2, (canvas->height - height) / 2, width,
                         height };
    struct box at;

    if (!scene->request->transparent) {
        canvas_fill(canvas, COLOUR_WHITE);
    }
    if (!scene->product.surface) {
        scene_draw_product(scene, frame, 0);
        return;
    }
    at = product_fit(&scene->product, frame);
    at.x = (canvas->width - at.width) / 2;
    at.y = (canvas->height - at.height) / 2;
    product_paint(canvas, &scene->product, at);
}

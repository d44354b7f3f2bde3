/* scene_parts.c - draws the product, for every scene. */
#include <math.h>
#include <string.h>

#include "draw/font.h"
#include "draw/lettering.h"
#include "draw/shape.h"
#include "providers/offline/scene.h"

/* Draws a card with the product's initial, for projects without a photo. */
static void draw_initial(struct scene *scene, struct box box)
{
    double side = fmin(box.width, box.height) * 0.8;
    struct box card = { box.x + (box.width - side) / 2, box.y + box.height - side, side, side };
    const char *name = scene->brief->product_name;
    char initial[8] = "";
    size_t size = 1;

    while (((unsigned char)name[size] & 0xc0) == 0x80 && size < 4) {
        size++;
    }
    memcpy(initial, name, strnlen(name, size));
    shape_panel(&scene->canvas, card, side * 0.12, scene->colours.primary, 1);
    lettering_draw(&scene->canvas, initial, box_inset(card, side * 0.15),
                   &(struct lettering){ .weight = WEIGHT_EXTRABOLD,
                                        .size = side * 0.6,
                                        .min_size = side * 0.2,
                                        .colour = colour_ink(scene->colours.primary),
                                        .align = ALIGN_CENTRE,
                                        .valign = VALIGN_MIDDLE,
                                        .family = FONT_DISPLAY });
}

void scene_draw_product(struct scene *scene, struct box box, double shadow)
{
    if (scene->product.surface) {
        product_place(&scene->canvas, &scene->product, box, shadow);
    } else {
        draw_initial(scene, box);
    }
}

/* scene.c - what all pictures begin with: a canvas, the product, the colours. */
#include "providers/offline/scene.h"

#include <math.h>
#include <string.h>

#include "draw/font.h"
#include "draw/lettering.h"
#include "draw/shape.h"

static struct palette palette_of(const struct brief *brief, const struct product *product)
{
    struct palette out;
    struct colour own = product->surface ? product->colour : colour_hex(0x3f5b73);
    double vivid = colour_saturation(own) > 0.12 ? 0.42 : 0.18;

    if (!colour_read(brief->brand.primary, &out.primary)) {
        out.primary = colour_tone(own, vivid, 0.26);
    }
    if (colour_lightness(out.primary) > 0.75) { /* a pale brand: its dark shade carries the words */
        out.primary = colour_tone(out.primary, 0.4, 0.3);
    }
    if (!colour_read(brief->brand.accent, &out.accent)) {
        out.accent = colour_hex(0xd9822b);
    }
    if (!colour_read(brief->brand.secondary, &out.ground) || colour_lightness(out.ground) < 0.86) {
        out.ground = colour_mix(COLOUR_WHITE, out.primary, 0.09);
    }
    out.ink = colour_readable(colour_mix(out.primary, COLOUR_BLACK, 0.45), out.ground, 7);
    return out;
}

struct box scene_part(const struct scene *scene, double x, double y, double width, double height)
{
    return (struct box){ x * scene->canvas.width, y * scene->canvas.height,
                         width * scene->canvas.width, height * scene->canvas.height };
}

const char *scene_brand(const struct scene *scene)
{
    return scene->brief->brand.name ? scene->brief->brand.name : "";
}

/* A project without a photo still shows something: a card with its initial. */
static void stand_in(struct scene *scene, struct box box)
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
    shape_panel(&scene->canvas, card, side * 0.12, scene->palette.primary, 1);
    lettering_draw(&scene->canvas, initial, box_inset(card, side * 0.15),
                   &(struct lettering){ .weight = WEIGHT_EXTRABOLD,
                                        .size = side * 0.6,
                                        .least = side * 0.2,
                                        .colour = colour_ink(scene->palette.primary),
                                        .align = ALIGN_CENTRE,
                                        .stand = STAND_MIDDLE,
                                        .family = FONT_DISPLAY });
}

void scene_stand(struct scene *scene, struct box box, double shadow)
{
    if (scene->product.surface) {
        product_place(&scene->canvas, &scene->product, box, shadow);
    } else {
        stand_in(scene, box);
    }
}

static void draw(struct scene *scene)
{
    static void (*const scenes[IMAGE_KINDS])(struct scene *) = {
        [MAIN_IMAGE] = scene_main_image,
        [INFOGRAPHIC] = scene_infographic,
        [FEATURE_HIGHLIGHT] = scene_feature_highlight,
        [LIFESTYLE] = scene_lifestyle,
        [COMPARISON_CHART] = scene_comparison_chart,
        [DIMENSION_DIAGRAM] = scene_dimension_diagram,
        [A_PLUS_MODULE] = scene_module,
    };

    scenes[scene->brief->kind](scene);
}

bool scene_render(const struct model_request *request, struct image *out, struct error *err)
{
    struct scene scene = { .request = request, .brief = request->brief };
    int shorter =
        request->size.width < request->size.height ? request->size.width : request->size.height;
    bool good;

    if (request->photo_count > 0 && !product_open(&request->photos[0].bytes, &scene.product, err)) {
        return false;
    }
    good = canvas_new(request->size.width, request->size.height, &scene.canvas, err);
    if (good) {
        scene.unit = shorter / 100.0;
        scene.palette = palette_of(request->brief, &scene.product);
        draw(&scene);
        good = canvas_image(&scene.canvas, request->transparent ? 4 : 3, out, err);
        canvas_free(&scene.canvas);
    }
    product_close(&scene.product);
    return good;
}

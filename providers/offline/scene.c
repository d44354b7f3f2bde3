/* scene.c - prepares canvas, product and colours, and calls the scene of the image type. */
#include "providers/offline/scene.h"

static struct scene_colours colours_of(const struct brief *brief, const struct product *product)
{
    struct scene_colours out;
    struct colour own = product->surface ? product->colour : colour_hex(0x3f5b73);
    double vivid = colour_saturation(own) > 0.12 ? 0.42 : 0.18;

    if (!colour_read(brief->brand.primary, &out.primary)) {
        out.primary = colour_tone(own, vivid, 0.26);
    }
    if (colour_lightness(out.primary) > 0.75) { /* too pale for text: use a dark shade of it */
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

static void draw(struct scene *scene)
{
    static void (*const scenes[IMAGE_KINDS])(struct scene *) = {
        [MAIN_IMAGE] = scene_main_image,   [INFOGRAPHIC] = scene_plate,
        [FEATURE_HIGHLIGHT] = scene_plate, [LIFESTYLE] = scene_lifestyle,
        [COMPARISON_CHART] = scene_plate,  [DIMENSION_DIAGRAM] = scene_plate,
        [A_PLUS_MODULE] = scene_plate,
    };

    scenes[scene->brief->kind](scene);
}

/* A diagram measures the product's outline, and a main image shows nothing but the product: the
 * photo's backdrop would be wrong in both. */
static bool can_be_drawn(const struct scene *scene, struct error *err)
{
    enum image_kind kind = scene->brief->kind;

    if ((kind != DIMENSION_DIAGRAM && kind != MAIN_IMAGE) || !scene->product.surface ||
        scene->product.cut) {
        return true;
    }
    error_set(err, ERROR_INPUT,
              "the offline provider cannot tell the product from the background of its photo");
    err->cause = ERROR_CAUSE_BACKGROUND;
    return error_hint(err, "Use a photo with a plain background, or another provider.");
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
    good = can_be_drawn(&scene, err) &&
           canvas_new(request->size.width, request->size.height, &scene.canvas, err);
    if (good) {
        scene.unit = shorter / 100.0;
        scene.colours = colours_of(request->brief, &scene.product);
        draw(&scene);
        good = canvas_image(&scene.canvas, request->transparent ? 4 : 3, out, err);
        canvas_free(&scene.canvas);
    }
    product_close(&scene.product);
    return good;
}

/* scene_module.c - images of A+ modules. Several compositions alternate, so that the images of one
 * page differ. */
#include <math.h>
#include <string.h>

#include "draw/font.h"
#include "draw/icon.h"
#include "draw/lettering.h"
#include "draw/shape.h"
#include "providers/offline/scene.h"

/* Returns what the image shows: the text behind the colon of its description if that is short, else
 * the headline of the module. */
static const char *headline(const struct scene *scene)
{
    const struct module_request *request = &scene->brief->module_request;
    const char *colon = request->description ? strstr(request->description, ": ") : NULL;

    if (colon && colon[2] && strlen(colon + 2) <= 60) {
        return colon + 2;
    }
    return request->headline && request->headline[0] ? request->headline
                                                     : scene->brief->product_name;
}

static void draw_title(struct scene *scene, struct box box, struct colour ink, enum align align)
{
    lettering_draw(&scene->canvas, headline(scene), box,
                   &(struct lettering){ .weight = WEIGHT_EXTRABOLD,
                                        .size = scene->unit * 9,
                                        .min_size = scene->unit * 4.2,
                                        .lines = 4,
                                        .colour = ink,
                                        .align = align,
                                        .valign = VALIGN_MIDDLE,
                                        .leading = 1.1,
                                        .balanced = true,
                                        .family = FONT_DISPLAY });
}

/* Draws the product on a coloured disc. */
static void draw_on_disc(struct scene *scene, struct box box)
{
    struct canvas *canvas = &scene->canvas;
    double radius = fmin(box.width, box.height) * 0.40;

    shape_fade(canvas, box, colour_mix(scene->colours.ground, COLOUR_WHITE, 0.6),
               scene->colours.ground);
    shape_disc(canvas, box.x + box.width / 2, box.y + box.height / 2, radius,
               colour_mix(scene->colours.ground, scene->colours.primary, 0.16), 1);
    scene_draw_product(scene, box_inset(box, fmin(box.width, box.height) * 0.11), 0.6);
}

static void draw_close_up(struct scene *scene, struct box box, int variant)
{
    static const double points[][2] = { { 0.5, 0.22 }, { 0.5, 0.5 }, { 0.5, 0.78 } };
    const double *point = points[variant / 3 % 3];

    shape_fade(&scene->canvas, box, scene->colours.ground,
               colour_mix(scene->colours.ground, scene->colours.primary, 0.22));
    if (!scene->product.surface) {
        scene_draw_product(scene, box_inset(box, fmin(box.width, box.height) * 0.15), 0);
        return;
    }
    cairo_save(scene->canvas.cr);
    shape_round(&scene->canvas, box, 0);
    cairo_clip(scene->canvas.cr);
    product_close_up(&scene->canvas, &scene->product, box, 0.75, point);
    cairo_restore(scene->canvas.cr);
}

/* Draws an icon of the headline, and the product. */
static void draw_with_icon(struct scene *scene, struct box box)
{
    struct canvas *canvas = &scene->canvas;
    double side = fmin(box.width * 0.36, box.height * 0.5);
    struct box badge = { box.x + box.width * 0.11, box.y + (box.height - side) / 2, side, side };

    shape_fade(canvas, box, colour_mix(scene->colours.primary, COLOUR_WHITE, 0.80),
               colour_mix(scene->colours.primary, COLOUR_WHITE, 0.66));
    scene_draw_product(scene,
                       (struct box){ box.x + box.width * 0.52, box.y + box.height * 0.07,
                                     box.width * 0.42, box.height * 0.86 },
                       0.5);
    icon_badge(canvas, icon_find("", headline(scene), scene->brief->module_request.description),
               badge, scene->colours.primary, colour_ink(scene->colours.primary));
}

static void draw_banner(struct scene *scene, bool left)
{
    struct canvas *canvas = &scene->canvas;
    double split = canvas->width * 0.46, margin = scene->unit * 8;
    struct box words = { left ? 0 : canvas->width - split, 0, split, canvas->height };
    struct box rest = { left ? split : 0, 0, canvas->width - split, canvas->height };
    struct box rule;

    draw_on_disc(scene, rest);
    shape_panel(canvas, words, 0, scene->colours.primary, 1);
    rule =
        (struct box){ words.x + margin, canvas->height * 0.2, scene->unit * 12, scene->unit * 1.2 };
    shape_panel(canvas, rule, rule.height / 2, scene->colours.accent, 1);
    draw_title(scene,
               (struct box){ words.x + margin, canvas->height * 0.24, split - 2 * margin,
                             canvas->height * 0.56 },
               colour_ink(scene->colours.primary), ALIGN_LEFT);
}

/* Draws a small square image: the product, and a title that is readable at 300 pixels. */
static void draw_tile(struct scene *scene, int variant)
{
    struct canvas *canvas = &scene->canvas;
    double strip = canvas->height * 0.26;
    struct box above = { 0, 0, canvas->width, canvas->height - strip };
    struct box below = { 0, canvas->height - strip, canvas->width, strip };
    bool dark = variant % 2 == 0;
    struct colour ground = dark ? scene->colours.primary : COLOUR_WHITE;

    if (variant % 3 == 1) {
        draw_close_up(scene, above, variant);
    } else if (variant % 3 == 2) {
        draw_with_icon(scene, above);
    } else {
        draw_on_disc(scene, above);
    }
    shape_panel(canvas, below, 0, ground, 1);
    shape_panel(canvas, (struct box){ 0, below.y, canvas->width, scene->unit * 1.1 }, 0,
                scene->colours.accent, 1);
    draw_title(scene, box_inset(below, scene->unit * 5),
               dark ? colour_ink(ground) : scene->colours.ink, ALIGN_CENTRE);
}

void scene_module(struct scene *scene)
{
    const struct module_request *request = &scene->brief->module_request;
    int variant = request->module + request->slot;

    if (variant < 0) {
        variant = 0;
    }
    if (scene->canvas.width > scene->canvas.height * 1.3) {
        draw_banner(scene, variant % 2 == 0);
    } else {
        draw_tile(scene, variant);
    }
}

/* scene_infographic.c - the product in the middle, and up to six features around it. */
#include <math.h>

#include "draw/font.h"
#include "draw/icon.h"
#include "draw/lettering.h"
#include "draw/shape.h"
#include "providers/offline/scene.h"

enum { CALLOUTS = 6, ROWS = 3 };

static void draw_background(struct scene *scene)
{
    struct canvas *canvas = &scene->canvas;
    struct scene_colours *colours = &scene->colours;
    double width = canvas->width, height = canvas->height;

    shape_fade(canvas, box_of_canvas(canvas), colour_mix(colours->ground, COLOUR_WHITE, 0.75),
               colours->ground);
    shape_disc(canvas, width / 2, height * 0.56, fmin(width, height) * 0.40,
               colour_mix(colours->ground, colours->primary, 0.10), 1);
    shape_disc(canvas, width / 2, height * 0.56, fmin(width, height) * 0.30,
               colour_mix(colours->ground, colours->primary, 0.17), 1);
}

static void draw_headline(struct scene *scene, struct box box)
{
    const char *brand = scene_brand(scene);
    struct box rest = box;

    if (brand[0]) {
        lettering_draw(&scene->canvas, brand,
                       (struct box){ box.x, box.y, box.width, scene->unit * 4.5 },
                       &(struct lettering){
                           .weight = WEIGHT_SEMIBOLD,
                           .size = scene->unit * 2.9,
                           .min_size = scene->unit * 1.6,
                           .lines = 1,
                           .colour = colour_readable(scene->colours.accent, COLOUR_WHITE, 3.2),
                           .align = ALIGN_CENTRE,
                           .spacing = 0.16 });
        rest.y += scene->unit * 5.5;
        rest.height -= scene->unit * 5.5;
    }
    lettering_draw(&scene->canvas, scene->brief->product_name, rest,
                   &(struct lettering){ .weight = WEIGHT_EXTRABOLD,
                                        .size = scene->unit * 7.2,
                                        .min_size = scene->unit * 3,
                                        .lines = 3,
                                        .colour = scene->colours.ink,
                                        .align = ALIGN_CENTRE,
                                        .leading = 1.1,
                                        .balanced = true,
                                        .family = FONT_DISPLAY });
}

static void draw_callout(struct scene *scene, const struct feature *feature, struct box box,
                         double size)
{
    struct canvas *canvas = &scene->canvas;
    double badge = fmin(scene->unit * 11, box.width * 0.45);
    struct box at = { box.x + (box.width - badge) / 2, box.y, badge, badge };
    struct box words = { box.x, box.y + badge + scene->unit * 1.6, box.width,
                         box.height - badge - scene->unit * 1.6 };
    struct lettering style = { .weight = WEIGHT_SEMIBOLD,
                               .size = size,
                               .min_size = size * 0.7,
                               .lines = 3,
                               .colour = scene->colours.ink,
                               .align = ALIGN_CENTRE,
                               .leading = 1.18,
                               .balanced = true };

    icon_badge(canvas, icon_find(feature->icon, feature->title, feature->description), at,
               scene->colours.primary, colour_ink(scene->colours.primary));
    lettering_draw(canvas, feature->title, words, &style);
}

static void draw_callouts(struct scene *scene, struct box area, double column)
{
    const struct brief *brief = scene->brief;
    int count = brief->feature_count < CALLOUTS ? brief->feature_count : CALLOUTS;
    double step = area.height / ROWS, height = fmin(step * 0.92, scene->unit * 26);
    const char *titles[CALLOUTS];
    double size;

    for (int i = 0; i < count; i++) {
        titles[i] = brief->features[i].title;
    }
    size = lettering_common(&scene->canvas, titles, count,
                            (struct box){ 0, 0, column, scene->unit * 12 },
                            &(struct lettering){ .weight = WEIGHT_SEMIBOLD,
                                                 .size = scene->unit * 3.5,
                                                 .min_size = scene->unit * 2.2,
                                                 .lines = 3,
                                                 .leading = 1.18 });
    for (int i = 0; i < count; i++) {
        int row = i / 2, rows = (count + 1) / 2;
        double top = area.y + (ROWS - rows) * step / 2 + row * step + (step - height) / 2;
        double left = i % 2 == 0 ? area.x : area.x + area.width - column;

        draw_callout(scene, &brief->features[i], (struct box){ left, top, column, height }, size);
    }
}

/* Draws the description of the first feature. */
static void draw_footer(struct scene *scene, struct box box)
{
    const struct brief *brief = scene->brief;
    const char *words = brief->feature_count > 0 ? brief->features[0].description
                        : brief->category[0]     ? brief->category
                                                 : brief->product_name;

    shape_panel(&scene->canvas, box, 0, scene->colours.primary, 1);
    shape_panel(&scene->canvas, (struct box){ box.x, box.y, box.width, scene->unit * 0.7 }, 0,
                scene->colours.accent, 1);
    lettering_draw(&scene->canvas, words, box_inset(box, scene->unit * 4),
                   &(struct lettering){ .weight = WEIGHT_SEMIBOLD,
                                        .size = scene->unit * 3.6,
                                        .min_size = scene->unit * 2.1,
                                        .lines = 3,
                                        .colour = colour_ink(scene->colours.primary),
                                        .align = ALIGN_CENTRE,
                                        .valign = VALIGN_MIDDLE,
                                        .leading = 1.25,
                                        .balanced = true });
}

void scene_infographic(struct scene *scene)
{
    struct canvas *canvas = &scene->canvas;
    double margin = scene->unit * 5, foot = fmax(scene->unit * 15, canvas->height * 0.11);
    double head = canvas->height * 0.19, column = canvas->width * 0.27;
    double body = canvas->height - foot - head - margin * 2;
    struct box middle = { canvas->width * 0.32, head + margin * 0.6, canvas->width * 0.36, body };

    draw_background(scene);
    draw_headline(scene,
                  (struct box){ margin, margin, canvas->width - 2 * margin, head - margin * 0.4 });
    scene_draw_product(scene, middle, 0.5);
    draw_callouts(scene,
                  (struct box){ margin * 0.6, head + margin, canvas->width - margin * 1.2, body },
                  column);
    draw_footer(scene, (struct box){ 0, canvas->height - foot, canvas->width, foot });
}

/* scene_dimension_diagram.c - the product with the dimensions that the brief contains, and no
 * others. */
#include <math.h>

#include "draw/font.h"
#include "draw/lettering.h"
#include "draw/shape.h"
#include "providers/offline/scene.h"

/* An axis is drawn where the product's silhouette shows it. */
static struct dimension_view choose_view(const struct scene *scene, const struct box *product)
{
    return dimensions_view(scene->brief->dimensions, scene->brief->dimension_count,
                           product->width / product->height);
}

/* Names an axis, "Height", or a part, "Handle length". */
static const char *title_of(const struct scene *scene, const struct dimension *dimension,
                            enum dimension_axis axis)
{
    struct arena *arena = scene->request->arena;
    char *name = (char *)arena_text(arena, dimension->name);

    if (axis != AXIS_UNKNOWN) {
        name = (char *)arena_text(arena, axis_name(axis));
    }
    if (name[0] >= 'a' && name[0] <= 'z') {
        name[0] = (char)(name[0] - 'a' + 'A');
    }
    return name;
}

static void draw_label(struct scene *scene, const struct dimension *dimension,
                       enum dimension_axis axis, struct box box, enum align align)
{
    struct lettering style = { .weight = WEIGHT_EXTRABOLD,
                               .size = scene->unit * 5.4,
                               .min_size = scene->unit * 2.4,
                               .lines = 1,
                               .colour = scene->colours.ink,
                               .align = align,
                               .family = FONT_DISPLAY };
    struct box at;

    at = lettering_draw(&scene->canvas, dimension->text, box, &style);
    style = (struct lettering){ .weight = WEIGHT_REGULAR,
                                .size = scene->unit * 2.9,
                                .min_size = scene->unit * 1.8,
                                .lines = 1,
                                .colour = colour_mix(scene->colours.ink, COLOUR_WHITE, 0.3),
                                .align = align };
    box.y = at.y + at.height + scene->unit * 0.4;
    lettering_draw(&scene->canvas, title_of(scene, dimension, axis), box, &style);
}

static void draw_tick(struct scene *scene, double x1, double y1, double x2, double y2)
{
    shape_line(&scene->canvas, (double[4]){ x1, y1, x2, y2 },
               colour_mix(scene->colours.ground, scene->colours.ink, 0.35),
               fmax(1, scene->unit * 0.16));
}

static void draw_beside(struct scene *scene, struct box at, const struct dimension *dimension,
                        enum dimension_axis axis)
{
    double x = at.x + at.width + scene->unit * 7, line = fmax(1.5, scene->unit * 0.42);

    draw_tick(scene, at.x + at.width * 0.72, at.y, x + scene->unit * 2, at.y);
    draw_tick(scene, at.x + at.width * 0.98, at.y + at.height, x + scene->unit * 2,
              at.y + at.height);
    shape_measure(&scene->canvas, (double[4]){ x, at.y, x, at.y + at.height },
                  scene->colours.accent, line);
    draw_label(scene, dimension, axis,
               (struct box){ x + scene->unit * 3, at.y + at.height / 2 - scene->unit * 5,
                             scene->canvas.width - x - scene->unit * 5, scene->unit * 12 },
               ALIGN_LEFT);
}

static void draw_below(struct scene *scene, struct box at, const struct dimension *dimension,
                       enum dimension_axis axis)
{
    double y = at.y + at.height + scene->unit * 7, line = fmax(1.5, scene->unit * 0.42);

    draw_tick(scene, at.x, at.y + at.height * 0.97, at.x, y + scene->unit * 2);
    draw_tick(scene, at.x + at.width, at.y + at.height * 0.97, at.x + at.width,
              y + scene->unit * 2);
    shape_measure(&scene->canvas, (double[4]){ at.x, y, at.x + at.width, y }, scene->colours.accent,
                  line);
    draw_label(scene, dimension, axis,
               (struct box){ at.x + at.width / 2 - scene->unit * 25, y + scene->unit * 2.6,
                             scene->unit * 50, scene->unit * 12 },
               ALIGN_CENTRE);
}

/* Draws the dimensions that are not drawn at the product, at most four. */
static void draw_others(struct scene *scene, const struct dimension_view *view, struct box box)
{
    const struct brief *brief = scene->brief;
    int count = 0, at = 0;

    for (int i = 0; i < brief->dimension_count; i++) {
        count += i != view->vertical && i != view->horizontal;
    }
    for (int i = 0; i < brief->dimension_count && count > 0; i++) {
        double width = box.width / (count < 4 ? count : 4);

        if (i == view->vertical || i == view->horizontal || at == 4) {
            continue;
        }
        draw_label(scene, &brief->dimensions[i], i == view->depth ? AXIS_DEPTH : AXIS_UNKNOWN,
                   (struct box){ box.x + width * at, box.y, width, box.height }, ALIGN_CENTRE);
        at++;
    }
}

static void draw_headline(struct scene *scene, struct box box)
{
    struct box at = lettering_draw(&scene->canvas, scene->brief->product_name, box,
                                   &(struct lettering){ .weight = WEIGHT_EXTRABOLD,
                                                        .size = scene->unit * 6,
                                                        .min_size = scene->unit * 2.8,
                                                        .lines = 2,
                                                        .colour = scene->colours.ink,
                                                        .align = ALIGN_CENTRE,
                                                        .leading = 1.1,
                                                        .balanced = true,
                                                        .family = FONT_DISPLAY });
    struct box rule = { box.x + box.width / 2 - scene->unit * 6,
                        at.y + at.height + scene->unit * 2.4, scene->unit * 12, scene->unit * 0.8 };

    shape_panel(&scene->canvas, rule, rule.height / 2, scene->colours.accent, 1);
}

void scene_dimension_diagram(struct scene *scene)
{
    struct canvas *canvas = &scene->canvas;
    struct dimension_view view;
    double margin = scene->unit * 6, head = scene->unit * 24, foot = scene->unit * 30;
    struct box frame = { canvas->width * 0.22, head + margin, canvas->width * 0.46,
                         canvas->height - head - foot - margin };
    struct box at = frame;

    shape_fade(canvas, box_of_canvas(canvas), COLOUR_WHITE,
               colour_mix(scene->colours.ground, COLOUR_WHITE, 0.3));
    draw_headline(scene, (struct box){ margin, margin, canvas->width - 2 * margin, head - margin });
    if (scene->product.surface) {
        at = product_fit(&scene->product, frame);
    }
    scene_draw_product(scene, frame, 0.25);
    view = choose_view(scene, &at);
    if (view.vertical >= 0) {
        draw_beside(scene, at, &scene->brief->dimensions[view.vertical], view.vertical_axis);
    }
    if (view.horizontal >= 0) {
        draw_below(scene, at, &scene->brief->dimensions[view.horizontal], view.horizontal_axis);
    }
    draw_others(scene, &view,
                (struct box){ margin, canvas->height - scene->unit * 12, canvas->width - 2 * margin,
                              scene->unit * 10 });
}

/* scene_comparison_chart.c - a table of the product's features beside an ordinary product. It lists
 * only features of the brief, and claims nothing about ordinary products: their column has dashes.
 */
#include <math.h>

#include "draw/font.h"
#include "draw/icon.h"
#include "draw/lettering.h"
#include "draw/shape.h"
#include "providers/offline/scene.h"

enum { ROWS = 6 };

struct table { /* pixels */
    struct box box;
    double first, second;     /* centres of the two columns of marks */
    double column, head, row; /* width of a column, heights of head and row */
};

static void draw_product_panel(struct scene *scene, struct box box)
{
    struct canvas *canvas = &scene->canvas;
    struct colour deep = colour_mix(scene->colours.primary, COLOUR_BLACK, 0.18);
    struct box floor = box_inset(box, fmin(box.width, box.height) * 0.09);

    shape_fade(canvas, box, colour_mix(scene->colours.primary, COLOUR_WHITE, 0.12), deep);
    shape_glow(canvas, box.x + box.width / 2, box.y + box.height * 0.42, box.width * 0.75,
               COLOUR_WHITE, 0.30);
    scene_draw_product(scene, floor, 0.6);
}

/* Draws a check mark, or a dash. */
static void draw_mark(struct scene *scene, double x, double y, double size, bool check)
{
    struct box box = { x - size / 2, y - size / 2, size, size };

    if (check) {
        icon_badge(&scene->canvas, icon_named("check"), box, scene->colours.accent,
                   colour_ink(scene->colours.accent));
    } else {
        double ends[4] = { x - size * 0.22, y, x + size * 0.22, y };

        shape_line(&scene->canvas, ends, colour_mix(scene->colours.ink, COLOUR_WHITE, 0.55),
                   size * 0.09);
    }
}

static void draw_head(struct scene *scene, const struct table *table)
{
    const char *brand = scene_brand(scene)[0] ? scene_brand(scene) : "This one";
    struct box ours = { table->first - table->column / 2, table->box.y, table->column,
                        table->box.height };
    struct lettering style = { .weight = WEIGHT_EXTRABOLD,
                               .size = scene->unit * 3.6,
                               .min_size = scene->unit * 1.9,
                               .lines = 2,
                               .colour = colour_readable(scene->colours.primary, COLOUR_WHITE, 4.5),
                               .align = ALIGN_CENTRE,
                               .valign = VALIGN_MIDDLE,
                               .balanced = true };
    struct box cell = { table->first - table->column * 0.44, table->box.y, table->column * 0.88,
                        table->head };

    shape_panel(&scene->canvas, ours, scene->unit * 2.2,
                colour_mix(COLOUR_WHITE, scene->colours.primary, 0.09), 1);
    lettering_draw(&scene->canvas, brand, cell, &style);
    cell.x = table->second - table->column * 0.44;
    style.weight = WEIGHT_REGULAR;
    style.colour = colour_mix(scene->colours.ink, COLOUR_WHITE, 0.35);
    lettering_draw(&scene->canvas, "Ordinary", cell, &style);
}

static void draw_row(struct scene *scene, const struct table *table, int at, const char *title)
{
    struct box box = table->box;
    double top = box.y + table->head + at * table->row;
    struct box words = { box.x, top, table->first - table->column / 2 - box.x - scene->unit * 2,
                         table->row };
    double line[4] = { box.x, top, box.x + box.width, top };
    double size = fmin(table->row * 0.52, scene->unit * 6);

    shape_line(&scene->canvas, line, colour_mix(COLOUR_WHITE, scene->colours.ink, 0.16),
               fmax(1, scene->unit * 0.15));
    lettering_draw(&scene->canvas, title, words,
                   &(struct lettering){ .weight = WEIGHT_SEMIBOLD,
                                        .size = scene->unit * 3.3,
                                        .min_size = scene->unit * 1.8,
                                        .lines = 2,
                                        .colour = scene->colours.ink,
                                        .valign = VALIGN_MIDDLE,
                                        .leading = 1.15 });
    draw_mark(scene, table->first, top + table->row / 2, size, true);
    draw_mark(scene, table->second, top + table->row / 2, size, false);
}

static void draw_table(struct scene *scene, struct box box)
{
    const struct brief *brief = scene->brief;
    int count = brief->feature_count < ROWS ? brief->feature_count : ROWS;
    double title = fmax(scene->unit * 13, box.height * 0.16);
    struct table table = { .box = { box.x, box.y + title, box.width, box.height - title } };

    lettering_draw(&scene->canvas, brief->product_name,
                   (struct box){ box.x, box.y, box.width, title - scene->unit * 2 },
                   &(struct lettering){ .weight = WEIGHT_EXTRABOLD,
                                        .size = scene->unit * 5.6,
                                        .min_size = scene->unit * 2.6,
                                        .lines = 2,
                                        .colour = scene->colours.ink,
                                        .valign = VALIGN_MIDDLE,
                                        .leading = 1.08,
                                        .balanced = true,
                                        .family = FONT_DISPLAY });
    table.column = box.width * 0.22;
    table.first = box.x + box.width * 0.65;
    table.second = box.x + box.width * 0.885;
    table.head = fmin(scene->unit * 12, table.box.height * 0.17);
    table.row = fmin((table.box.height - table.head) / (count > 0 ? count : 1), scene->unit * 20);
    table.box.height = table.head + table.row * (count > 0 ? count : 1);
    draw_head(scene, &table);
    for (int i = 0; i < count; i++) {
        draw_row(scene, &table, i, brief->features[i].title);
    }
    if (count == 0) { /* the brief has no features */
        draw_row(scene, &table, 0, brief->category[0] ? brief->category : brief->product_name);
    }
}

void scene_comparison_chart(struct scene *scene)
{
    struct canvas *canvas = &scene->canvas;
    double margin = scene->unit * 6;
    bool wide = canvas->width > canvas->height * 1.15;
    double split = wide ? canvas->width * 0.34 : canvas->height * 0.34;

    canvas_fill(canvas, COLOUR_WHITE);
    if (wide) {
        draw_product_panel(scene, (struct box){ 0, 0, split, canvas->height });
        draw_table(scene, (struct box){ split + margin, margin, canvas->width - split - 2 * margin,
                                        canvas->height - 2 * margin });
    } else {
        draw_product_panel(scene, (struct box){ 0, 0, canvas->width, split });
        draw_table(scene, (struct box){ margin, split + margin * 0.7, canvas->width - 2 * margin,
                                        canvas->height - split - 1.5 * margin });
    }
}

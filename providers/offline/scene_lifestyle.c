/* scene_lifestyle.c - the product on a table at a wall, with light from a window and a blurred
 * plant. It contains no text. */
#include <math.h>

#include "draw/shape.h"
#include "providers/offline/scene.h"

struct room {                    /* pixels */
    double width, height, table; /* table: y of its far edge */
    struct colour wall, wood, leaf;
};

/* -- light --------------------------------------------------------------------------------- */

/* The light of a window on the wall. */
static void window_light(struct canvas *canvas, const void *context)
{
    const struct room *room = context;
    double w = room->width, h = room->height, lean = h * 0.16;

    canvas_colour(canvas, COLOUR_WHITE, 1);
    for (int across = 0; across < 2; across++) {
        for (int down = 0; down < 3; down++) {
            double left = w * (0.30 + 0.165 * across), top = h * (0.02 + 0.215 * down);
            double x = left + lean * (down * 0.55), width = w * 0.15, height = h * 0.195;

            cairo_move_to(canvas->cr, x, top);
            cairo_line_to(canvas->cr, x + width, top + height * 0.10);
            cairo_line_to(canvas->cr, x + width + lean * 0.5, top + height * 1.10);
            cairo_line_to(canvas->cr, x + lean * 0.5, top + height);
            cairo_close_path(canvas->cr);
            cairo_fill(canvas->cr);
        }
    }
}

/* -- the plant ------------------------------------------------------------------------------ */

static void draw_leaf(cairo_t *cr, double x, double y, double length, double width, double angle)
{
    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_rotate(cr, angle);
    cairo_move_to(cr, 0, 0);
    cairo_curve_to(cr, length * 0.25, -width, length * 0.75, -width * 0.8, length, 0);
    cairo_curve_to(cr, length * 0.75, width * 0.8, length * 0.25, width, 0, 0);
    cairo_fill(cr);
    cairo_restore(cr);
}

struct plant {
    double x, y, size;
    int leaves;
    int first; /* draws every second leaf, beginning with this one: two layers, two colours */
};

static void leaves(struct canvas *canvas, const void *context)
{
    const struct plant *plant = context;

    canvas_colour(canvas, COLOUR_BLACK, 1);
    cairo_set_line_width(canvas->cr, plant->size * 0.014);
    for (int i = plant->first; i < plant->leaves; i += 2) {
        double turn = (double)i / (plant->leaves - 1) - 0.5, angle = -M_PI / 2 + turn * 2.1;
        double reach = plant->size * (0.16 + 0.26 * (i * 7 % 5) / 4.0);
        double x = plant->x + cos(angle) * reach * 0.8, y = plant->y + sin(angle) * reach;

        cairo_move_to(canvas->cr, plant->x, plant->y + plant->size * 0.02);
        cairo_curve_to(canvas->cr, plant->x, plant->y - reach * 0.5, x, y + reach * 0.25, x, y);
        cairo_stroke(canvas->cr);
        draw_leaf(canvas->cr, x, y, plant->size * (0.40 + 0.08 * (i % 3)), plant->size * 0.085,
                  angle + turn * 0.7);
    }
}

struct pot {
    double x, y, width, height; /* x: the middle; y: the rim; width: half of the rim's */
    double from, to;            /* the band to draw, as fractions of the height from the rim */
};

static void pot_band(struct canvas *canvas, const void *context)
{
    const struct pot *pot = context;
    double upper = 1 - 0.26 * pot->from, lower = 1 - 0.26 * pot->to;

    canvas_colour(canvas, COLOUR_BLACK, 1);
    cairo_move_to(canvas->cr, pot->x - pot->width * upper, pot->y + pot->height * pot->from);
    cairo_line_to(canvas->cr, pot->x + pot->width * upper, pot->y + pot->height * pot->from);
    cairo_line_to(canvas->cr, pot->x + pot->width * lower, pot->y + pot->height * pot->to);
    cairo_line_to(canvas->cr, pot->x - pot->width * lower, pot->y + pot->height * pot->to);
    cairo_close_path(canvas->cr);
    cairo_fill(canvas->cr);
}

/* The side of the pot that is turned away from the window. */
static void pot_shaded_side(struct canvas *canvas, const void *context)
{
    const struct pot *pot = context;

    canvas_colour(canvas, COLOUR_BLACK, 1);
    cairo_move_to(canvas->cr, pot->x + pot->width * 0.25, pot->y);
    cairo_line_to(canvas->cr, pot->x + pot->width * 0.98, pot->y);
    cairo_line_to(canvas->cr, pot->x + pot->width * 0.73, pot->y + pot->height * 0.98);
    cairo_line_to(canvas->cr, pot->x + pot->width * 0.2, pot->y + pot->height * 0.98);
    cairo_close_path(canvas->cr);
    cairo_fill(canvas->cr);
}

/* The shadow of the pot on the table. */
static void pot_shadow(struct canvas *canvas, const void *context)
{
    const struct pot *pot = context;

    canvas_colour(canvas, COLOUR_BLACK, 1);
    cairo_save(canvas->cr);
    cairo_translate(canvas->cr, pot->x + pot->width * 0.35, pot->y + pot->height * 0.99);
    cairo_scale(canvas->cr, pot->width * 1.25, pot->height * 0.09);
    cairo_arc(canvas->cr, 0, 0, 1, 0, 2 * M_PI);
    cairo_fill(canvas->cr);
    cairo_restore(canvas->cr);
}

static void draw_pot(struct scene *scene, const struct plant *plant, double blur)
{
    struct colour clay = colour_mix(colour_hex(0xb8795c), scene->colours.ground, 0.12);
    struct pot pot = { plant->x, plant->y, plant->size * 0.25, plant->size * 0.42, 0, 1 };
    struct soft_shape soft = { .context = &pot, .blur = blur };

    soft.shape = pot_shadow;
    soft.colour = colour_hex(0x2a1a0e);
    soft.alpha = 0.45;
    soft.blur = blur * 1.6;
    shape_soft(&scene->canvas, &soft);
    soft.shape = pot_band;
    soft.blur = blur;
    soft.colour = clay;
    soft.alpha = 1;
    shape_soft(&scene->canvas, &soft);
    soft.shape = pot_shaded_side;
    soft.blur = blur * 5;
    soft.colour = colour_hex(0x40210f);
    soft.alpha = 0.40;
    shape_soft(&scene->canvas, &soft);
    soft.shape = pot_band;
    pot.width *= 1.08;
    pot.to = 0.18;
    soft.blur = blur;
    soft.colour = colour_mix(clay, COLOUR_WHITE, 0.10);
    soft.alpha = 0.92;
    shape_soft(&scene->canvas, &soft);
}

static void draw_plant(struct scene *scene, const struct room *room)
{
    struct canvas *canvas = &scene->canvas;
    double size = room->height * 0.62;
    struct plant leafage = {
        .x = room->width * 0.865, .y = room->table - size * 0.33, .size = size, .leaves = 11
    };
    double blur = room->height * 0.011;

    shape_soft(canvas, &(struct soft_shape){ .shape = leaves,
                                             .context = &leafage,
                                             .blur = blur,
                                             .colour = colour_mix(room->leaf, COLOUR_BLACK, 0.22),
                                             .alpha = 0.95 });
    leafage.first = 1;
    shape_soft(canvas, &(struct soft_shape){ .shape = leaves,
                                             .context = &leafage,
                                             .blur = blur,
                                             .colour = colour_mix(room->leaf, COLOUR_WHITE, 0.10),
                                             .alpha = 0.95 });
    draw_pot(scene, &leafage, blur * 0.8);
}

/* Shadows on the wall of leaves that are not in the picture. */
static void draw_leaf_shadows(struct scene *scene, const struct room *room)
{
    struct plant leafage = {
        .x = room->width * 0.06, .y = room->height * 0.62, .size = room->height * 0.75, .leaves = 12
    };

    for (leafage.first = 0; leafage.first < 2; leafage.first++) {
        shape_soft(&scene->canvas,
                   &(struct soft_shape){ .shape = leaves,
                                         .context = &leafage,
                                         .blur = room->height * 0.022,
                                         .colour = colour_mix(room->wall, COLOUR_BLACK, 0.55),
                                         .alpha = 0.13 });
    }
}

/* -- the table ------------------------------------------------------------------------------ */

static void draw_table(struct scene *scene, const struct room *room)
{
    struct canvas *canvas = &scene->canvas;
    struct box top = { 0, room->table, room->width, room->height - room->table };
    double line = fmax(1, room->height * 0.0016);

    shape_fade(canvas, top, colour_mix(room->wood, COLOUR_WHITE, 0.22),
               colour_mix(room->wood, COLOUR_BLACK, 0.10));
    for (int i = 0; i < 26; i++) { /* wood grain: waves, farther apart towards the viewer */
        double part = pow((i + 0.6) / 26.0, 1.5), y = room->table + top.height * part;
        double wave = top.height * 0.02 * sin(i * 2.4);

        cairo_move_to(canvas->cr, 0, y);
        cairo_curve_to(canvas->cr, room->width * 0.3, y + wave, room->width * 0.65, y - wave,
                       room->width, y + wave * 0.6);
        canvas_colour(canvas, colour_mix(room->wood, COLOUR_BLACK, 0.45), 0.10 + 0.06 * (i % 3));
        cairo_set_line_width(canvas->cr, line * (1 + i % 2));
        cairo_stroke(canvas->cr);
    }
    shape_fade(canvas, (struct box){ 0, room->table, room->width, fmax(2, room->height * 0.004) },
               colour_mix(room->wood, COLOUR_WHITE, 0.45), room->wood);
}

void scene_lifestyle(struct scene *scene)
{
    struct canvas *canvas = &scene->canvas;
    double w = canvas->width, h = canvas->height;
    struct room room = { .width = w,
                         .height = h,
                         .table = h * 0.70,
                         .wall = colour_mix(colour_hex(0xefe6da), scene->colours.primary, 0.10),
                         .wood = colour_hex(0xc69a6d),
                         .leaf = colour_hex(0x4f7a53) };
    struct box place = { w * 0.30, h * 0.10, w * 0.34, h * 0.74 };
    struct box at;

    if (scene->product.surface &&
        !scene->product.cut) { /* a card with the photo: its backdrop is an area of one colour */
        place = (struct box){ w * 0.34, h * 0.22, w * 0.26, h * 0.56 };
    }
    shape_fade(canvas, box_of_canvas(canvas), colour_mix(room.wall, COLOUR_WHITE, 0.25),
               colour_mix(room.wall, COLOUR_BLACK, 0.12));
    shape_soft(canvas, &(struct soft_shape){ .shape = window_light,
                                             .context = &room,
                                             .blur = h * 0.012,
                                             .colour = colour_hex(0xfff4dc),
                                             .alpha = 0.75 });
    draw_leaf_shadows(scene, &room);
    draw_table(scene, &room);
    draw_plant(scene, &room);
    shape_glow(canvas, w * 0.30, 0, h * 1.1, colour_hex(0xfff1d6), 0.28);
    if (scene->product.surface) {
        at = product_fit(&scene->product, place);
        if (scene->product.cut) {
            product_cast_shadow(canvas, &scene->product, at, 0.55, 0.42);
        }
    }
    scene_draw_product(scene, place, 0.85);
    shape_grain(canvas, 0.035);
}

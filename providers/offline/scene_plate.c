/* scene_plate.c - the product in a plain studio, without text: the picture that darkroom typesets.
 */
#include <math.h>

#include "draw/shape.h"
#include "providers/offline/scene.h"

struct studio { /* pixels */
    double width, height;
    double floor;      /* y of the line where wall and floor meet */
    struct box plinth; /* its top is an ellipse in the upper part of the box */
};

/* Light that falls through a window with two rows of panes. */
static void window_light(struct canvas *canvas, const void *context)
{
    const struct studio *studio = context;
    double w = studio->width, h = studio->height;

    canvas_colour(canvas, COLOUR_WHITE, 1);
    for (int pane = 0; pane < 6; pane++) {
        int column = pane % 2, row = pane / 2;
        double x = w * (0.05 + 0.17 * column) + h * 0.07 * row;
        double y = h * (-0.04 + 0.26 * row), lean = h * 0.07;

        cairo_move_to(canvas->cr, x, y);
        cairo_line_to(canvas->cr, x + w * 0.145, y + h * 0.035);
        cairo_line_to(canvas->cr, x + w * 0.145 + lean, y + h * 0.265);
        cairo_line_to(canvas->cr, x + lean, y + h * 0.23);
        cairo_close_path(canvas->cr);
        cairo_fill(canvas->cr);
    }
}

static void trace_plinth(cairo_t *cr, const struct box *box, bool top_only)
{
    double radius = box->width / 2, tilt = box->width * 0.075;

    cairo_save(cr);
    cairo_translate(cr, box->x + radius, box->y + tilt);
    cairo_scale(cr, radius, tilt);
    cairo_arc(cr, 0, 0, 1, 0, 2 * M_PI);
    cairo_restore(cr);
    if (!top_only) {
        cairo_rectangle(cr, box->x, box->y + tilt, box->width, box->height - 2 * tilt);
        cairo_save(cr);
        cairo_translate(cr, box->x + radius, box->y + box->height - tilt);
        cairo_scale(cr, radius, tilt);
        cairo_arc(cr, 0, 0, 1, 0, 2 * M_PI);
        cairo_restore(cr);
    }
}

static void plinth_shadow(struct canvas *canvas, const void *context)
{
    const struct studio *studio = context;
    struct box box = studio->plinth;

    box.x += box.width * 0.10;
    box.y += box.height * 0.55;
    box.height *= 0.5;
    canvas_colour(canvas, COLOUR_BLACK, 1);
    trace_plinth(canvas->cr, &box, false);
    cairo_fill(canvas->cr);
}

static void draw_plinth(struct scene *scene, const struct studio *studio, struct colour colour)
{
    struct canvas *canvas = &scene->canvas;
    const struct box *box = &studio->plinth;
    cairo_pattern_t *side = cairo_pattern_create_linear(box->x, 0, box->x + box->width, 0);
    static const double stops[] = { 0, 0.28, 0.62, 1 }, shades[] = { 0.06, -0.10, 0.08, 0.24 };

    shape_soft(canvas, &(struct soft_shape){ .shape = plinth_shadow,
                                             .context = studio,
                                             .blur = box->width * 0.06,
                                             .colour = colour_hex(0x14161a),
                                             .alpha = 0.30 });
    for (int i = 0; i < 4; i++) {
        struct colour shade =
            colour_mix(colour, shades[i] < 0 ? COLOUR_WHITE : COLOUR_BLACK, fabs(shades[i]));

        cairo_pattern_add_color_stop_rgb(side, stops[i], shade.r, shade.g, shade.b);
    }
    trace_plinth(canvas->cr, box, false);
    cairo_set_source(canvas->cr, side);
    cairo_fill(canvas->cr);
    cairo_pattern_destroy(side);
    trace_plinth(canvas->cr, box, true);
    canvas_colour(canvas, colour_mix(colour, COLOUR_WHITE, 0.30), 1);
    cairo_fill(canvas->cr);
}

static struct box wanted_box(const struct scene *scene)
{
    const struct plate_request *plate = &scene->brief->plate;
    double w = scene->canvas.width, h = scene->canvas.height;

    if (!plate->scene) { /* the request wants an image with text, which this provider does not paint
                          */
        return (struct box){ w * 0.2, h * 0.12, w * 0.6, h * 0.72 };
    }
    return (struct box){ plate->left * w, plate->top * h, plate->width * w, plate->height * h };
}

static void draw_studio(struct scene *scene)
{
    struct canvas *canvas = &scene->canvas;
    double w = canvas->width, h = canvas->height;
    struct box place = wanted_box(scene), at = place;
    struct studio studio = { .width = w, .height = h };
    struct colour wall = colour_mix(scene->colours.ground, scene->colours.primary, 0.16);
    struct colour stone = colour_mix(colour_mix(scene->colours.ground, COLOUR_WHITE, 0.35),
                                     scene->colours.primary, 0.05);
    double tilt;

    if (scene->product.surface) {
        at = product_fit(&scene->product, place);
    }
    studio.floor = at.y + at.height - h * 0.05;
    studio.plinth.width = fmin(fmax(at.width * 1.7, h * 0.45), w * 0.94);
    tilt = studio.plinth.width * 0.075;
    studio.plinth.x = at.x + at.width / 2 - studio.plinth.width / 2;
    studio.plinth.y = at.y + at.height - tilt * 1.25;
    studio.plinth.height = h * 0.11 + 2 * tilt;
    shape_fade(canvas, box_of_canvas(canvas), colour_mix(wall, COLOUR_WHITE, 0.30), wall);
    shape_soft(canvas, &(struct soft_shape){ .shape = window_light,
                                             .context = &studio,
                                             .blur = h * 0.016,
                                             .colour = colour_hex(0xfffaf0),
                                             .alpha = 0.55 });
    shape_fade(canvas, (struct box){ 0, studio.floor, w, h - studio.floor },
               colour_mix(wall, COLOUR_BLACK, 0.05), colour_mix(wall, COLOUR_WHITE, 0.22));
    shape_glow(canvas, w * 0.28, h * 0.1, h * 0.9, colour_hex(0xfff6e4), 0.30);
    draw_plinth(scene, &studio, stone);
    if (scene->product.surface && scene->product.cut) {
        product_cast_shadow(canvas, &scene->product, at, 0.5, 0.16);
    }
    scene_draw_product(scene, place, 0.8);
    shape_grain(canvas, 0.018);
}

/* Draws the upper part of the product from near, in front of a wall. */
static void draw_close_up(struct scene *scene)
{
    struct canvas *canvas = &scene->canvas;
    struct box all = box_of_canvas(canvas);
    struct colour wall = colour_mix(scene->colours.ground, scene->colours.primary, 0.2);
    struct studio studio = { .width = canvas->width, .height = canvas->height };
    double width = all.width * 0.86, height;
    struct box at;

    shape_fade(canvas, all, colour_mix(wall, COLOUR_WHITE, 0.35), wall);
    shape_soft(canvas, &(struct soft_shape){ .shape = window_light,
                                             .context = &studio,
                                             .blur = all.height * 0.016,
                                             .colour = colour_hex(0xfffaf0),
                                             .alpha = 0.5 });
    shape_glow(canvas, all.width * 0.2, all.height * 0.1, all.height, colour_hex(0xfff6e4), 0.35);
    if (!scene->product.surface || !scene->product.cut) {
        scene_draw_product(scene, box_inset(all, all.width * 0.1), 0.5);
        return;
    }
    height = width * scene->product.height / scene->product.width;
    if (height < all.height * 0.62) { /* a flat product is shown whole */
        height = fmin(all.height * 0.62, height);
        at = (struct box){ (all.width - width) / 2, (all.height - height) / 2, width, height };
    } else {
        at = (struct box){ (all.width - width) / 2 + all.width * 0.06, all.height * 0.16, width,
                           height };
    }
    product_cast_shadow(canvas, &scene->product, at, 0.5, 0.12);
    product_paint(canvas, &scene->product, at);
    shape_grain(canvas, 0.018);
}

void scene_plate(struct scene *scene)
{
    const struct plate_request *plate = &scene->brief->plate;

    if (plate->cut_out) {
        scene_main_image(scene);
    } else if (plate->close) {
        draw_close_up(scene);
    } else {
        draw_studio(scene);
    }
}

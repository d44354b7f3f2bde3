/* answer_scenes.c - draws the scenes of the labelled answers. */
#include <math.h>
#include <stddef.h>

#include "draw/lettering.h"
#include "draw/shape.h"
#include "lib/answer_cases.h"

void scene_empty(struct canvas *canvas, const struct photo_studio *studio)
{
    double width = canvas->width, height = canvas->height;

    (void)studio;
    shape_fade(canvas, box_of_canvas(canvas), colour_hex(0xb9c2b4), colour_hex(0xe2dccd));
    shape_fade(canvas, (struct box){ 0, height * 0.7, width, height * 0.3 }, colour_hex(0x8a6a4d),
               colour_hex(0xa9866a));
    shape_glow(canvas, width * 0.2, height * 0.2, height * 0.7, colour_hex(0xfff2d8), 0.5);
    shape_grain(canvas, 3);
}

void scene_plain(struct canvas *canvas, const struct photo_studio *studio)
{
    scene_empty(canvas, studio);
    answer_put_product(canvas, studio, 0.7, -0.1, 0.08);
}

static void draw_in_room(struct canvas *canvas, const struct photo_studio *studio,
                         const struct placing *placing)
{
    scene_empty(canvas, studio);
    answer_put(canvas, studio->product, studio->width, studio->height, placing);
}

void scene_mirrored(struct canvas *canvas, const struct photo_studio *studio)
{
    draw_in_room(canvas, studio,
                 &(struct placing){ .fill = 0.7, .right = -0.1, .down = 0.08, .across = -1 });
}

void scene_upside_down(struct canvas *canvas, const struct photo_studio *studio)
{
    draw_in_room(canvas, studio,
                 &(struct placing){ .fill = 0.7, .right = 0.1, .down = 0.08, .turn = 180 });
}

void scene_lying(struct canvas *canvas, const struct photo_studio *studio)
{
    draw_in_room(canvas, studio, &(struct placing){ .fill = 0.7, .down = 0.08, .turn = 90 });
}

/* A table hides the lower part of the product. */
void scene_half(struct canvas *canvas, const struct photo_studio *studio)
{
    double width = canvas->width, height = canvas->height;

    scene_plain(canvas, studio);
    shape_fade(canvas, (struct box){ 0, height * 0.58, width, height * 0.42 }, colour_hex(0x8a6a4d),
               colour_hex(0xa9866a));
}

void scene_two(struct canvas *canvas, const struct photo_studio *studio)
{
    scene_empty(canvas, studio);
    answer_put_product(canvas, studio, 0.62, -0.22, 0.08);
    answer_put_product(canvas, studio, 0.62, 0.22, 0.08);
}

void scene_with_prop(struct canvas *canvas, const struct photo_studio *studio)
{
    scene_plain(canvas, studio);
    answer_put(canvas, studio->other, studio->other_width, studio->other_height,
               &(struct placing){ .fill = 0.3, .right = 0.3, .down = 0.2 });
}

/* The room is sharp. */
void scene_blurred_product(struct canvas *canvas, const struct photo_studio *studio)
{
    enum { SIDE = 90 };
    cairo_surface_t *small = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, SIDE, SIDE);
    struct canvas reduced = { .cr = cairo_create(small), .width = SIDE, .height = SIDE };

    answer_put(&reduced, studio->product, studio->width, studio->height,
               &(struct placing){ .fill = 1 });
    cairo_destroy(reduced.cr);
    scene_empty(canvas, studio);
    answer_put(canvas, small, SIDE, SIDE,
               &(struct placing){ .fill = 0.7, .right = -0.1, .down = 0.08 });
    cairo_surface_destroy(small);
}

void scene_marked(struct canvas *canvas, const struct photo_studio *studio)
{
    scene_plain(canvas, studio);
    answer_tiles(canvas, studio);
}

void scene_small(struct canvas *canvas, const struct photo_studio *studio)
{
    scene_empty(canvas, studio);
    answer_put_product(canvas, studio, 0.42, 0.2, 0.2);
}

/* The upper part of the product, from near. */
void scene_close_up(struct canvas *canvas, const struct photo_studio *studio)
{
    double longer = fmax(studio->width, studio->height);
    double fill = 0.86 * longer / studio->width;

    scene_empty(canvas, studio);
    answer_put_product(canvas, studio, fill, 0.06, 0.16 + fill * studio->height / longer / 2 - 0.5);
}

void scene_other(struct canvas *canvas, const struct photo_studio *studio)
{
    scene_empty(canvas, studio);
    answer_put(canvas, studio->other, studio->other_width, studio->other_height,
               &(struct placing){ .fill = 0.7, .down = 0.08 });
}

/* Writes large words into the scene, where the product is not. */
static void write_beside(struct canvas *canvas, const struct photo_studio *studio,
                         const char *words)
{
    struct lettering type = { .weight = WEIGHT_EXTRABOLD, .size = 50, .colour = { 0.7, 0, 0 } };

    scene_plain(canvas, studio);
    lettering_draw(canvas, words,
                   (struct box){ canvas->width * 0.55, 30, canvas->width * 0.45, 90 }, &type);
}

void scene_offer(struct canvas *canvas, const struct photo_studio *studio)
{
    write_beside(canvas, studio, "SALE 50% OFF");
}

void scene_headline(struct canvas *canvas, const struct photo_studio *studio)
{
    write_beside(canvas, studio, "Mountain Coffee");
}

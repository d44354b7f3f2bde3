/* answer_cases.c - the table of labelled answers. */
#include "lib/answer_cases.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "draw/lettering.h"
#include "draw/shape.h"

/* -- what is drawn --------------------------------------------------------------------------- */

static void put(struct canvas *canvas, cairo_surface_t *surface, int width, int height,
                const struct placing *placing)
{
    double fill = placing->fill > 0 ? placing->fill : 0.85;
    double scale = fill * fmin(canvas->width, canvas->height) / fmax(width, height);
    double across = placing->across != 0 ? placing->across : 1;
    double along = placing->along != 0 ? placing->along : 1;

    cairo_save(canvas->cr);
    cairo_translate(canvas->cr, canvas->width * (0.5 + placing->right),
                    canvas->height * (0.5 + placing->down));
    cairo_rotate(canvas->cr, placing->turn * 3.14159265 / 180);
    cairo_scale(canvas->cr, scale * across, scale * along);
    cairo_set_source_surface(canvas->cr, surface, -width / 2.0, -height / 2.0);
    cairo_pattern_set_filter(cairo_get_source(canvas->cr), CAIRO_FILTER_GOOD);
    cairo_paint(canvas->cr);
    cairo_restore(canvas->cr);
}

static void put_product(struct canvas *canvas, const struct photo_studio *studio, double fill,
                        double right, double down)
{
    put(canvas, studio->product, studio->width, studio->height,
        &(struct placing){ .fill = fill, .right = right, .down = down });
}

static void draw_two(struct canvas *canvas, const struct photo_studio *studio)
{
    put_product(canvas, studio, 0.46, -0.25, 0);
    put_product(canvas, studio, 0.46, 0.25, 0);
}

static void draw_other(struct canvas *canvas, const struct photo_studio *studio)
{
    put(canvas, studio->other, studio->other_width, studio->other_height,
        &(struct placing){ .fill = 0.85 });
}

static void draw_prop(struct canvas *canvas, const struct photo_studio *studio)
{
    put(canvas, studio->other, studio->other_width, studio->other_height,
        &(struct placing){ .fill = 0.22, .right = 0.38, .down = 0.38 });
}

static void draw_nothing(struct canvas *canvas, const struct photo_studio *studio)
{
    (void)canvas;
    (void)studio;
}

static void draw_frame(struct canvas *canvas, const struct photo_studio *studio)
{
    (void)studio;
    shape_outline(canvas, box_inset(box_of_canvas(canvas), 10), 0, colour_hex(0xc81e1e), 4);
}

static void draw_badge(struct canvas *canvas, const struct photo_studio *studio)
{
    (void)studio;
    shape_disc(canvas, canvas->width * 0.9, canvas->height * 0.1, canvas->width * 0.06,
               colour_hex(0xdc2828), 1);
}

static void draw_sticker(struct canvas *canvas, const struct photo_studio *studio)
{
    (void)studio;
    shape_disc(canvas, canvas->width * 0.5, canvas->height * 0.5, canvas->width * 0.07,
               colour_hex(0xf0e614), 1);
}

static void draw_inset(struct canvas *canvas, const struct photo_studio *studio)
{
    (void)studio;
    shape_outline(canvas,
                  (struct box){ canvas->width * 0.74, canvas->height * 0.02, canvas->width * 0.24,
                                canvas->height * 0.24 },
                  0, colour_hex(0x5a5a5a), 3);
    put_product(canvas, studio, 0.2, 0.36, -0.36);
}

/* Draws over what is there, not beside it. */
static void draw_words(struct canvas *canvas, const char *words, double size, double alpha,
                       double turn)
{
    struct lettering type = { .weight = WEIGHT_EXTRABOLD,
                              .size = size,
                              .alpha = alpha,
                              .colour = { 1, 1, 1 },
                              .align = ALIGN_CENTRE,
                              .valign = VALIGN_MIDDLE };

    cairo_save(canvas->cr);
    cairo_set_operator(canvas->cr, CAIRO_OPERATOR_ATOP);
    cairo_translate(canvas->cr, canvas->width * 0.5, canvas->height * 0.5);
    cairo_rotate(canvas->cr, turn * 3.14159265 / 180);
    lettering_draw(canvas, words,
                   (struct box){ -canvas->width * 0.6, -canvas->height * 0.6, canvas->width * 1.2,
                                 canvas->height * 1.2 },
                   &type);
    cairo_restore(canvas->cr);
}

static void draw_watermark(struct canvas *canvas, const struct photo_studio *studio)
{
    (void)studio;
    draw_words(canvas, "SAMPLE", canvas->width * 0.16, 0.2, -30);
}

static void draw_tiles(struct canvas *canvas, const struct photo_studio *studio)
{
    (void)studio;
    draw_words(canvas,
               "PREVIEW  PREVIEW  PREVIEW  PREVIEW PREVIEW  PREVIEW  PREVIEW  PREVIEW PREVIEW "
               "PREVIEW  PREVIEW  PREVIEW PREVIEW  PREVIEW  PREVIEW  PREVIEW PREVIEW  PREVIEW",
               canvas->width * 0.08, 0.15, -25);
}

static void draw_caption(struct canvas *canvas, const struct photo_studio *studio)
{
    struct lettering type = { .weight = WEIGHT_SEMIBOLD, .size = canvas->width * 0.045 };

    (void)studio;
    lettering_draw(canvas, "Free shipping",
                   (struct box){ 20, canvas->height - 50.0, canvas->width / 2.0, 40 }, &type);
}

static void draw_wrong_label(struct canvas *canvas, const struct photo_studio *studio)
{
    cairo_surface_t *tin = studio_tin("Mauntian Caffea");

    put(canvas, tin, studio->width, studio->height, &(struct placing){ .fill = 0.85 });
    cairo_surface_destroy(tin);
}

/* -- scenes ---------------------------------------------------------------------------------- */

static void draw_room(struct canvas *canvas, const struct photo_studio *studio)
{
    double width = canvas->width, height = canvas->height;

    (void)studio;
    shape_fade(canvas, box_of_canvas(canvas), colour_hex(0xb9c2b4), colour_hex(0xe2dccd));
    shape_fade(canvas, (struct box){ 0, height * 0.7, width, height * 0.3 }, colour_hex(0x8a6a4d),
               colour_hex(0xa9866a));
    shape_glow(canvas, width * 0.2, height * 0.2, height * 0.7, colour_hex(0xfff2d8), 0.5);
    shape_grain(canvas, 3);
}

static void draw_scene(struct canvas *canvas, const struct photo_studio *studio)
{
    draw_room(canvas, studio);
    put_product(canvas, studio, 0.7, -0.1, 0.08);
}

static void draw_in_room(struct canvas *canvas, const struct photo_studio *studio,
                         const struct placing *placing)
{
    draw_room(canvas, studio);
    put(canvas, studio->product, studio->width, studio->height, placing);
}

static void draw_mirrored_scene(struct canvas *canvas, const struct photo_studio *studio)
{
    draw_in_room(canvas, studio,
                 &(struct placing){ .fill = 0.7, .right = -0.1, .down = 0.08, .across = -1 });
}

static void draw_scene_upside_down(struct canvas *canvas, const struct photo_studio *studio)
{
    draw_in_room(canvas, studio,
                 &(struct placing){ .fill = 0.7, .right = 0.1, .down = 0.08, .turn = 180 });
}

static void draw_lying_scene(struct canvas *canvas, const struct photo_studio *studio)
{
    draw_in_room(canvas, studio, &(struct placing){ .fill = 0.7, .down = 0.08, .turn = 90 });
}

/* A table hides the lower part of the product. */
static void draw_half_scene(struct canvas *canvas, const struct photo_studio *studio)
{
    double width = canvas->width, height = canvas->height;

    draw_scene(canvas, studio);
    shape_fade(canvas, (struct box){ 0, height * 0.58, width, height * 0.42 }, colour_hex(0x8a6a4d),
               colour_hex(0xa9866a));
}

static void draw_scene_of_two(struct canvas *canvas, const struct photo_studio *studio)
{
    draw_room(canvas, studio);
    put_product(canvas, studio, 0.62, -0.22, 0.08);
    put_product(canvas, studio, 0.62, 0.22, 0.08);
}

static void draw_scene_with_prop(struct canvas *canvas, const struct photo_studio *studio)
{
    draw_scene(canvas, studio);
    put(canvas, studio->other, studio->other_width, studio->other_height,
        &(struct placing){ .fill = 0.3, .right = 0.3, .down = 0.2 });
}

/* The room is sharp. */
static void draw_blurred_product(struct canvas *canvas, const struct photo_studio *studio)
{
    enum { SIDE = 90 };
    cairo_surface_t *small = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, SIDE, SIDE);
    struct canvas reduced = { .cr = cairo_create(small), .width = SIDE, .height = SIDE };

    put(&reduced, studio->product, studio->width, studio->height, &(struct placing){ .fill = 1 });
    cairo_destroy(reduced.cr);
    draw_room(canvas, studio);
    put(canvas, small, SIDE, SIDE, &(struct placing){ .fill = 0.7, .right = -0.1, .down = 0.08 });
    cairo_surface_destroy(small);
}

static void draw_marked_scene(struct canvas *canvas, const struct photo_studio *studio)
{
    draw_scene(canvas, studio);
    draw_tiles(canvas, studio);
}

static void draw_small_scene(struct canvas *canvas, const struct photo_studio *studio)
{
    draw_room(canvas, studio);
    put_product(canvas, studio, 0.42, 0.2, 0.2);
}

/* The upper part of the product, from near. */
static void draw_close_up(struct canvas *canvas, const struct photo_studio *studio)
{
    double longer = fmax(studio->width, studio->height);
    double fill = 0.86 * longer / studio->width;

    draw_room(canvas, studio);
    put_product(canvas, studio, fill, 0.06, 0.16 + fill * studio->height / longer / 2 - 0.5);
}

static void draw_other_scene(struct canvas *canvas, const struct photo_studio *studio)
{
    draw_room(canvas, studio);
    put(canvas, studio->other, studio->other_width, studio->other_height,
        &(struct placing){ .fill = 0.7, .down = 0.08 });
}

static void draw_offer(struct canvas *canvas, const struct photo_studio *studio)
{
    struct lettering type = { .weight = WEIGHT_EXTRABOLD, .size = 50, .colour = { 0.7, 0, 0 } };

    draw_scene(canvas, studio);
    lettering_draw(canvas, "SALE 50% OFF",
                   (struct box){ canvas->width * 0.55, 30, canvas->width * 0.45, 90 }, &type);
}

/* -- the table ------------------------------------------------------------------------------- */

/* clang-format off */
const struct answer_case answer_cases[] = {
    { "as asked", MAIN_IMAGE, .words = true },
    { "on white", MAIN_IMAGE, .ground = 255 },
    { "on off-white", MAIN_IMAGE, .ground = 250 },
    { "smaller", MAIN_IMAGE, .placing = { .fill = 0.65 } },
    { "beside the middle", MAIN_IMAGE, .placing = { .fill = 0.6, .right = 0.15 } },
    { "turned by 3 degrees", MAIN_IMAGE, .placing = { .turn = 3 } },
    { "wider by 4 %", MAIN_IMAGE, .placing = { .across = 1.04 } },
    { "brighter", MAIN_IMAGE, .change = fault_brightness, .amount = 1.08 },
    { "more contrast", MAIN_IMAGE, .change = fault_contrast, .amount = 1.15 },
    { "grain", MAIN_IMAGE, .change = fault_noise, .amount = 2 },
    { "JPEG 85", MAIN_IMAGE, .ground = 255, .change = fault_compress, .amount = 85 },
    { "JPEG 70", MAIN_IMAGE, .ground = 255, .change = fault_compress, .amount = 70 },
    { "scene", LIFESTYLE, .draw = draw_scene, .instead = true },
    { "small in a scene", LIFESTYLE, .draw = draw_small_scene, .instead = true },
    { "scene, JPEG 75", LIFESTYLE, .draw = draw_scene, .instead = true, .change = fault_compress,
      .amount = 75 },
    { "brighter scene", LIFESTYLE, .draw = draw_scene, .instead = true,
      .change = fault_brightness, .amount = 1.12 },
    { "scene with grain", LIFESTYLE, .draw = draw_scene, .instead = true, .change = fault_noise,
      .amount = 3 },
    { "scene with another thing", LIFESTYLE, .draw = draw_scene_with_prop, .instead = true },
    { "plate of a module", A_PLUS_MODULE, .draw = draw_scene, .instead = true, .only_tin = true,
      .words = true },

    { "nothing", MAIN_IMAGE, "product_outline", .draw = draw_nothing, .instead = true },
    { "another product", MAIN_IMAGE, "product_outline", .draw = draw_other, .instead = true },
    { "stretched", MAIN_IMAGE, "product_outline", .placing = { .fill = 0.6, .across = 1.35 } },
    { "left part missing", MAIN_IMAGE, "product_outline", .change = fault_erase_left,
      .amount = 0.25 },
    { "right part missing", MAIN_IMAGE, "product_outline", .change = fault_erase_right,
      .amount = 0.25 },
    { "upper part missing", MAIN_IMAGE, "product_outline", .change = fault_erase_top,
      .amount = 0.25 },
    { "lower part missing", MAIN_IMAGE, "product_outline", .change = fault_erase_bottom,
      .amount = 0.25 },
    { "hole", MAIN_IMAGE, "product_outline", .change = fault_hole, .amount = 0.45 },
    { "cut by the frame", MAIN_IMAGE, "product_outline", .ground = 255,
      .placing = { .fill = 1.3 } },
    { "other colours", MAIN_IMAGE, "product_colours", .change = fault_hue },
    { "without colours", MAIN_IMAGE, "product_colours", .change = fault_grey },
    { "much darker", MAIN_IMAGE, "product_colours", .change = fault_brightness, .amount = 0.4 },
    { "lower half grey", MAIN_IMAGE, "product_colours", .change = fault_grey_bottom,
      .amount = 0.5 },
    { "sticker", MAIN_IMAGE, "product_colours", .draw = draw_sticker },
    { "mirrored", MAIN_IMAGE, "product_details", .placing = { .across = -1 }, .asymmetric = true },
    { "upside down", MAIN_IMAGE, "product_details", .placing = { .turn = 180 } },
    { "turned to the right", MAIN_IMAGE, "product_details", .placing = { .turn = 90 } },
    { "two", MAIN_IMAGE, "product_alone", .draw = draw_two, .instead = true },
    { "two on white", MAIN_IMAGE, "product_alone", .ground = 255, .draw = draw_two,
      .instead = true },
    { "another thing", MAIN_IMAGE, "product_alone", .placing = { .fill = 0.6 }, .draw = draw_prop },
    { "frame", MAIN_IMAGE, "product_alone", .ground = 255, .draw = draw_frame },
    { "badge", MAIN_IMAGE, "product_alone", .placing = { .fill = 0.7 }, .draw = draw_badge },
    { "inset", MAIN_IMAGE, "product_alone", .placing = { .fill = 0.6, .right = -0.1,
      .down = 0.15 }, .draw = draw_inset },
    { "watermark", MAIN_IMAGE, "marks", .draw = draw_watermark },
    { "watermark on white", MAIN_IMAGE, "marks", .ground = 255, .draw = draw_watermark },
    { "tiled watermark", MAIN_IMAGE, "marks", .draw = draw_tiles },
    { "blurred", MAIN_IMAGE, "focus", .ground = 255, .change = fault_blur, .amount = 2.5 },
    { "enlarged by 2", MAIN_IMAGE, "focus", .ground = 255, .change = fault_enlarge, .amount = 2 },
    { "enlarged by 4", MAIN_IMAGE, "focus", .ground = 255, .change = fault_enlarge, .amount = 4 },
    { "noise", MAIN_IMAGE, "focus", .change = fault_noise, .amount = 14 },
    { "repeated pixels", MAIN_IMAGE, "pixel_blocks", .ground = 255, .change = fault_repeat,
      .amount = 3 },
    { "JPEG 10", MAIN_IMAGE, "pixel_blocks", .ground = 255, .change = fault_compress,
      .amount = 10 },
    { "caption", MAIN_IMAGE, "product_alone", .ground = 255, .placing = { .fill = 0.7 },
      .draw = draw_caption },
    { "wrong label", MAIN_IMAGE, "label_text", .draw = draw_wrong_label, .instead = true,
      .only_tin = true },
    { "scene without the product", LIFESTYLE, "product_in_scene", .draw = draw_room,
      .instead = true },
    { "scene with another product", LIFESTYLE, "product_in_scene", .draw = draw_other_scene,
      .instead = true },
    { "scene, mirrored", LIFESTYLE, "scene_product", .draw = draw_mirrored_scene, .instead = true,
      .asymmetric = true },
    { "scene, upside down", LIFESTYLE, "scene_product", .draw = draw_scene_upside_down,
      .instead = true },
    { "scene, lying", LIFESTYLE, "scene_product", .draw = draw_lying_scene, .instead = true },
    { "scene, half hidden", LIFESTYLE, "scene_product", .draw = draw_half_scene, .instead = true },
    { "scene, twice", LIFESTYLE, "scene_product", .draw = draw_scene_of_two, .instead = true },
    { "scene, product blurred", LIFESTYLE, "scene_focus", .draw = draw_blurred_product,
      .instead = true },
    { "scene, watermark", LIFESTYLE, "scene_focus", .draw = draw_marked_scene, .instead = true },
    { "scene, noise", LIFESTYLE, "noise", .draw = draw_scene, .instead = true,
      .change = fault_noise, .amount = 14 },
    { "scene, lower half grey", LIFESTYLE, "flat_areas", .draw = draw_scene, .instead = true,
      .change = fault_grey_bottom, .amount = 0.5 },
    { "scene, right third grey", LIFESTYLE, "flat_areas", .draw = draw_scene, .instead = true,
      .change = fault_grey_right, .amount = 0.33 },
    { "scene between bars", LIFESTYLE, "flat_areas", .draw = draw_scene, .instead = true,
      .change = fault_letterbox, .amount = 0.1 },
    { "scene, JPEG 10", LIFESTYLE, "pixel_blocks", .draw = draw_scene, .instead = true,
      .change = fault_compress, .amount = 10 },
    { "scene with an offer", LIFESTYLE, "foreign_text", .draw = draw_offer, .instead = true,
      .only_tin = true },
    { "plate of a module with an offer", A_PLUS_MODULE, "foreign_text", .draw = draw_offer,
      .instead = true, .only_tin = true },
    { "plate from near", FEATURE_HIGHLIGHT, .draw = draw_close_up, .instead = true,
      .close = true },
    { .name = NULL },
};
/* clang-format on */

struct image answer_make(const struct answer_case *row, const struct photo_studio *studio, int side)
{
    int width = row->kind == LIFESTYLE ? side * 7 / 4 : side;
    bool opaque = row->ground > 0 || row->kind == LIFESTYLE;
    struct canvas canvas;
    struct image out;
    struct error err;

    assert_true(canvas_new(width, side, &canvas, &err));
    if (row->ground > 0) {
        double level = row->ground / 255.0;

        canvas_fill(&canvas, (struct colour){ level, level, level });
    }
    if (!row->instead) {
        put(&canvas, studio->product, studio->width, studio->height, &row->placing);
    }
    if (row->draw) {
        row->draw(&canvas, studio);
    }
    assert_true(canvas_image(&canvas, opaque ? 3 : 4, &out, &err));
    canvas_free(&canvas);
    if (row->change) {
        row->change(&out, row->amount);
    }
    return out;
}

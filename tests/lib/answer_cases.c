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

void answer_put(struct canvas *canvas, cairo_surface_t *surface, int width, int height,
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

void answer_put_product(struct canvas *canvas, const struct photo_studio *studio, double fill,
                        double right, double down)
{
    answer_put(canvas, studio->product, studio->width, studio->height,
               &(struct placing){ .fill = fill, .right = right, .down = down });
}

static void draw_two(struct canvas *canvas, const struct photo_studio *studio)
{
    answer_put_product(canvas, studio, 0.46, -0.25, 0);
    answer_put_product(canvas, studio, 0.46, 0.25, 0);
}

static void draw_other(struct canvas *canvas, const struct photo_studio *studio)
{
    answer_put(canvas, studio->other, studio->other_width, studio->other_height,
               &(struct placing){ .fill = 0.85 });
}

static void draw_prop(struct canvas *canvas, const struct photo_studio *studio)
{
    answer_put(canvas, studio->other, studio->other_width, studio->other_height,
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
    answer_put_product(canvas, studio, 0.2, 0.36, -0.36);
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

void answer_tiles(struct canvas *canvas, const struct photo_studio *studio)
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

    answer_put(canvas, tin, studio->width, studio->height, &(struct placing){ .fill = 0.85 });
    cairo_surface_destroy(tin);
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
    { "scene", LIFESTYLE, .draw = scene_plain, .instead = true },
    { "small in a scene", LIFESTYLE, .draw = scene_small, .instead = true },
    { "scene, JPEG 75", LIFESTYLE, .draw = scene_plain, .instead = true, .change = fault_compress,
      .amount = 75 },
    { "brighter scene", LIFESTYLE, .draw = scene_plain, .instead = true,
      .change = fault_brightness, .amount = 1.12 },
    { "scene with grain", LIFESTYLE, .draw = scene_plain, .instead = true, .change = fault_noise,
      .amount = 3 },
    { "scene with another thing", LIFESTYLE, .draw = scene_with_prop, .instead = true },
    { "plate of a module", A_PLUS_MODULE, .draw = scene_plain, .instead = true, .only_tin = true,
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
    { "tiled watermark", MAIN_IMAGE, "marks", .draw = answer_tiles },
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
    { "scene without the product", LIFESTYLE, "product_in_scene", .draw = scene_empty,
      .instead = true },
    { "scene with another product", LIFESTYLE, "product_in_scene", .draw = scene_other,
      .instead = true },
    { "scene, mirrored", LIFESTYLE, "scene_product", .draw = scene_mirrored, .instead = true,
      .asymmetric = true },
    { "scene, upside down", LIFESTYLE, "scene_product", .draw = scene_upside_down,
      .instead = true },
    { "scene, lying", LIFESTYLE, "scene_product", .draw = scene_lying, .instead = true },
    { "scene, half hidden", LIFESTYLE, "scene_product", .draw = scene_half, .instead = true },
    { "scene, twice", LIFESTYLE, "scene_product", .draw = scene_two, .instead = true },
    { "scene, product blurred", LIFESTYLE, "scene_focus", .draw = scene_blurred_product,
      .instead = true },
    { "scene, watermark", LIFESTYLE, "scene_focus", .draw = scene_marked, .instead = true },
    { "scene, noise", LIFESTYLE, "noise", .draw = scene_plain, .instead = true,
      .change = fault_noise, .amount = 14 },
    { "scene, lower half grey", LIFESTYLE, "flat_areas", .draw = scene_plain, .instead = true,
      .change = fault_grey_bottom, .amount = 0.5 },
    { "scene, right third grey", LIFESTYLE, "flat_areas", .draw = scene_plain, .instead = true,
      .change = fault_grey_right, .amount = 0.33 },
    { "scene between bars", LIFESTYLE, "flat_areas", .draw = scene_plain, .instead = true,
      .change = fault_letterbox, .amount = 0.1 },
    { "scene, JPEG 10", LIFESTYLE, "pixel_blocks", .draw = scene_plain, .instead = true,
      .change = fault_compress, .amount = 10 },
    { "scene with an offer", LIFESTYLE, "foreign_text", .draw = scene_offer, .instead = true,
      .only_tin = true },
    { "scene with the label's words as a headline", LIFESTYLE, "foreign_text",
      .draw = scene_headline, .instead = true, .only_tin = true },
    { "plate of a module with an offer", A_PLUS_MODULE, "foreign_text", .draw = scene_offer,
      .instead = true, .only_tin = true },
    { "plate from near", FEATURE_HIGHLIGHT, .draw = scene_close_up, .instead = true,
      .close = true },
    { "small hole", MAIN_IMAGE, "product_outline", .change = fault_hole, .amount = 0.2,
      .asymmetric = true },
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
        answer_put(&canvas, studio->product, studio->width, studio->height, &row->placing);
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

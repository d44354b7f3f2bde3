/* make_pack_photos.c - draws the product photos of `darkroom bench --workload packs-v1`, which are
 * in assets/bench/packs-v1. All products are invented.
 *
 * Usage: make_pack_photos DIR */
#include <cairo.h>
#include <stdio.h>

#include "draw/lettering.h"
#include "draw/shape.h"
#include "io/file.h"

enum { SIDE = 1000, QUALITY = 82, PARTS = 7 };

enum shading { NOTHING, ROUND, FLAT, OUTLINE, CONE };

struct part { /* in pixels; drawn in this order */
    enum shading shading;
    double x, y, width, height, radius;
    unsigned colour;
};

static const struct photo {
    const char *id;
    struct part parts[PARTS];
    struct box label; /* width 0: no label */
    unsigned paper, ink;
    const char *title, *line;
} photos[] = {
    { "01-bottle",
      { { ROUND, 430, 110, 140, 110, 16, 0x23282d },
        { ROUND, 450, 210, 100, 60, 4, 0xb9c0c6 },
        { ROUND, 390, 250, 220, 620, 70, 0x1f5f6b } },
      { 405, 440, 190, 190 },
      0xf3efe6,
      0x1f3d45,
      "NORTHWIND",
      "steel bottle" },
    { "02-coffee",
      { { ROUND, 310, 200, 380, 70, 20, 0x9aa3ad },
        { ROUND, 320, 250, 360, 590, 22, 0x5a2e1f },
        { ROUND, 320, 800, 360, 50, 18, 0x9aa3ad } },
      { 340, 380, 320, 280 },
      0xe9d8b4,
      0x3c1d12,
      "MOUNTAIN COFFEE",
      "dark roast" },
    { "03-mug",
      { { OUTLINE, 600, 380, 190, 270, 90, 0xd7cfc2 },
        { ROUND, 280, 300, 380, 440, 36, 0xe2dacd },
        { ROUND, 280, 300, 380, 34, 16, 0xb7ad9c } },
      { 340, 430, 260, 170 },
      0xe2dacd,
      0x9c3b2e,
      "Slow Morning",
      "" },
    { "04-candle",
      { { ROUND, 330, 270, 340, 90, 12, 0x8a6a44 }, { ROUND, 340, 340, 320, 440, 30, 0xcfd6c8 } },
      { 370, 440, 260, 220 },
      0xfaf7ef,
      0x3f4a38,
      "CEDAR & SAGE",
      "soy candle" },
    { "05-soap",
      { { FLAT, 210, 370, 560, 330, 14, 0x6f8450 }, { FLAT, 770, 390, 60, 290, 6, 0x53653a } },
      { 270, 430, 440, 200 },
      0xf6f1e2,
      0x384726,
      "OLIVE SOAP",
      "handmade bar" },
    { "06-notebook",
      { { FLAT, 300, 190, 440, 630, 12, 0xefe9dc },
        { FLAT, 280, 180, 440, 630, 16, 0x27406b },
        { FLAT, 650, 180, 22, 630, 2, 0xd08a2e } },
      { 340, 290, 280, 180 },
      0xf4ead6,
      0x27406b,
      "FIELD JOURNAL",
      "dotted" },
    { "07-lamp",
      { { FLAT, 360, 800, 280, 40, 18, 0x3a3f45 },
        { ROUND, 484, 430, 32, 380, 4, 0xb08d57 },
        { CONE, 300, 160, 400, 290, 0, 0xe3b75c } },
      { 0, 0, 0, 0 },
      0,
      0,
      "",
      "" },
    { "08-tote",
      { { OUTLINE, 380, 130, 240, 330, 110, 0x6a4a2f },
        { FLAT, 240, 330, 520, 500, 26, 0xd9c7a3 },
        { FLAT, 240, 330, 520, 46, 14, 0xb99f73 } },
      { 340, 480, 320, 200 },
      0xd9c7a3,
      0x23415c,
      "HARBOR",
      "canvas tote" },
    { "09-cleaner",
      { { FLAT, 440, 130, 180, 70, 18, 0x2a2f33 },
        { FLAT, 380, 150, 90, 34, 8, 0x2a2f33 },
        { ROUND, 460, 190, 80, 90, 6, 0xe8ecef },
        { ROUND, 370, 260, 260, 600, 70, 0x4fa6c9 } },
      { 395, 430, 210, 260 },
      0xffffff,
      0x12485f,
      "GLASS CLEANER",
      "streak free" },
    { "10-tea",
      { { FLAT, 300, 260, 380, 560, 6, 0x22313f }, { FLAT, 680, 280, 70, 530, 4, 0x17222c } },
      { 340, 370, 300, 260 },
      0xd8b65c,
      0x22313f,
      "EARL GREY",
      "loose leaf tea" },
    { "11-honey",
      { { ROUND, 370, 230, 260, 90, 16, 0xc9a227 }, { ROUND, 330, 310, 340, 500, 80, 0xb5651d } },
      { 370, 440, 260, 220 },
      0xfff6df,
      0x5a3310,
      "WILD HONEY",
      "from the heath" },
    { "12-shampoo",
      { { ROUND, 430, 720, 140, 120, 14, 0xf1f1ee }, { ROUND, 380, 150, 240, 590, 34, 0x8e6bb0 } },
      { 405, 300, 190, 260 },
      0xf7f2fb,
      0x4b2f6b,
      "DAILY SHAMPOO",
      "lavender" },
};

/* Adds the path of a lamp shade: narrower at its top. */
static void cone_path(cairo_t *cr, const struct part *part)
{
    cairo_new_path(cr);
    cairo_move_to(cr, part->x + part->width * 0.26, part->y);
    cairo_line_to(cr, part->x + part->width * 0.74, part->y);
    cairo_line_to(cr, part->x + part->width, part->y + part->height);
    cairo_line_to(cr, part->x, part->y + part->height);
    cairo_close_path(cr);
}

/* Light from the left: a cylinder is brightest at a third of its width. */
static void fill_shaded(cairo_t *cr, const struct part *part)
{
    static const double steps[][2] = { { 0, 0.55 }, { 0.12, 0.8 },  { 0.3, 1.22 },
                                       { 0.5, 1 },  { 0.82, 0.72 }, { 1, 0.5 } };
    cairo_pattern_t *light =
        cairo_pattern_create_linear(part->x, 0, part->x + part->width, part->height * 0.05);
    struct colour colour = colour_hex(part->colour);

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        double value = part->shading == FLAT ? 0.93 + 0.12 * (1 - steps[i][0]) : steps[i][1];

        cairo_pattern_add_color_stop_rgb(light, steps[i][0], colour.r * value, colour.g * value,
                                         colour.b * value);
    }
    cairo_set_source(cr, light);
    cairo_fill(cr);
    cairo_pattern_destroy(light);
}

static void draw_part(struct canvas *canvas, const struct part *part)
{
    struct box box = { part->x, part->y, part->width, part->height };

    if (part->shading == OUTLINE) {
        shape_outline(canvas, box, part->radius, colour_hex(part->colour), 34);
        return;
    }
    if (part->shading == CONE) {
        cone_path(canvas->cr, part);
    } else {
        shape_round(canvas, box, part->radius);
    }
    fill_shaded(canvas->cr, part);
}

static void draw_label(struct canvas *canvas, const struct photo *photo)
{
    struct lettering type = { .weight = WEIGHT_EXTRABOLD,
                              .size = 64,
                              .min_size = 22,
                              .lines = 2,
                              .colour = colour_hex(photo->ink),
                              .align = ALIGN_CENTRE,
                              .valign = VALIGN_MIDDLE,
                              .balanced = true };
    struct box upper = box_inset(photo->label, 10), lower = upper;

    shape_panel(canvas, photo->label, 8, colour_hex(photo->paper), 1);
    upper.height *= photo->line[0] ? 0.66 : 1;
    lettering_draw(canvas, photo->title, upper, &type);
    lower.y += lower.height * 0.68;
    lower.height *= 0.3;
    type.size = 34;
    type.weight = WEIGHT_SEMIBOLD;
    lettering_draw(canvas, photo->line, lower, &type);
}

/* The shadow on the table, below the lowest part. */
static void draw_shadow(struct canvas *canvas, const struct photo *photo)
{
    double left = SIDE, right = 0, bottom = 0;

    for (int i = 0; i < PARTS && photo->parts[i].shading != NOTHING; i++) {
        const struct part *part = &photo->parts[i];

        left = part->x < left ? part->x : left;
        right = part->x + part->width > right ? part->x + part->width : right;
        bottom = part->y + part->height > bottom ? part->y + part->height : bottom;
    }
    shape_shadow(canvas, (struct box){ left + 10, bottom - 26, right - left - 10, 26 }, 13, 22,
                 0.35);
}

static bool draw(const struct photo *photo, struct image *out, struct error *err)
{
    struct canvas canvas;
    bool good;

    if (!canvas_new(SIDE, SIDE, &canvas, err)) {
        return false;
    }
    shape_fade(&canvas, box_of_canvas(&canvas), colour_hex(0xe9ebec), colour_hex(0xdcdfe0));
    draw_shadow(&canvas, photo);
    for (int i = 0; i < PARTS && photo->parts[i].shading != NOTHING; i++) {
        draw_part(&canvas, &photo->parts[i]);
    }
    if (photo->label.width > 0) {
        draw_label(&canvas, photo);
    }
    shape_grain(&canvas, 2);
    good = canvas_image(&canvas, 3, out, err);
    canvas_free(&canvas);
    return good;
}

int main(int argc, char **argv)
{
    struct error err;

    for (size_t i = 0; argc == 2 && i < sizeof photos / sizeof *photos; i++) {
        struct image image = { 0 };
        struct blob file = { 0 };
        char path[500];
        bool good;

        snprintf(path, sizeof path, "%.400s/%s.jpg", argv[1], photos[i].id);
        good = draw(&photos[i], &image, &err) &&
               image_encode_jpeg(&image, QUALITY, false, &file, &err) &&
               file_write(path, (const char *)file.data, file.size, &err);
        image_free(&image);
        blob_free(&file);
        if (!good) {
            fprintf(stderr, "%s: %s\n", path, err.text);
            return 1;
        }
    }
    return argc == 2 ? 0 : 2;
}

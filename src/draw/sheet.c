/* sheet.c - common style of contact sheets. */
#include "draw/sheet.h"

#include <math.h>

#include "draw/icon.h"
#include "draw/shape.h"
#include "image/resize.h"

static const struct {
    double size;
    enum weight weight;
} faces[] = {
    [FACE_NAME] = { 50, WEIGHT_EXTRABOLD },  [FACE_TITLE] = { 30, WEIGHT_EXTRABOLD },
    [FACE_PILL] = { 26, WEIGHT_SEMIBOLD },   [FACE_HEAD] = { 26, WEIGHT_REGULAR },
    [FACE_STRONG] = { 23, WEIGHT_SEMIBOLD }, [FACE_FACT] = { 23, WEIGHT_REGULAR },
    [FACE_VALUE] = { 21, WEIGHT_SEMIBOLD },  [FACE_CHECK] = { 21, WEIGHT_REGULAR },
    [FACE_SMALL] = { 18, WEIGHT_REGULAR },
};

bool sheet_open(int width, int height, struct sheet *out, struct error *err)
{
    *out = (struct sheet){ .ink = colour_hex(0x14201f),
                           .dim = colour_hex(0x5c6b69),
                           .ground = colour_hex(0xeef1f0),
                           .good = colour_hex(0x17784f),
                           .bad = colour_hex(0xb3261e),
                           .line = colour_hex(0xd6dddb) };
    if (!canvas_new(width, height, &out->canvas, err)) {
        return false;
    }
    canvas_fill(&out->canvas, out->ground);
    return true;
}

void sheet_close(struct sheet *sheet)
{
    canvas_free(&sheet->canvas);
}

void sheet_line(struct sheet *sheet, const char *text, struct box box, enum sheet_face face,
                struct colour colour, enum align align)
{
    lettering_draw(&sheet->canvas, text, box,
                   &(struct lettering){ .weight = faces[face].weight,
                                        .size = faces[face].size,
                                        .lines = 1,
                                        .colour = colour,
                                        .align = align,
                                        .valign = VALIGN_MIDDLE });
}

void sheet_message(struct sheet *sheet, const char *text, struct box box, struct colour colour)
{
    lettering_draw(&sheet->canvas, text, box,
                   &(struct lettering){ .weight = WEIGHT_REGULAR,
                                        .size = 26,
                                        .min_size = 12,
                                        .colour = colour,
                                        .align = ALIGN_CENTRE,
                                        .valign = VALIGN_MIDDLE });
}

void sheet_mark(struct sheet *sheet, bool good, double x, double y, double size)
{
    icon_badge(&sheet->canvas, icon_named(good ? "check" : "cross"),
               (struct box){ x, y, size, size }, good ? sheet->good : sheet->bad, COLOUR_WHITE);
}

void sheet_pill(struct sheet *sheet, const char *text, bool good, struct box box)
{
    double mark = box.height * 0.53, gap = (box.height - mark) / 2;

    shape_panel(&sheet->canvas, box, box.height / 2, good ? sheet->good : sheet->bad, 1);
    sheet_mark(sheet, good, box.x + gap + 4, box.y + gap, mark);
    sheet_line(sheet, text,
               (struct box){ box.x + gap + mark, box.y, box.width - gap - mark, box.height },
               FACE_PILL, COLOUR_WHITE, ALIGN_CENTRE);
}

void sheet_card(struct sheet *sheet, struct box box)
{
    shape_panel(&sheet->canvas, box, SHEET_CORNER, COLOUR_WHITE, 1);
}

void sheet_outline(struct sheet *sheet, struct box box)
{
    shape_outline(&sheet->canvas, box, SHEET_CORNER, sheet->line, 1.5);
}

void sheet_rule(struct sheet *sheet, double x, double y, double width)
{
    shape_line(&sheet->canvas, (double[4]){ x, y, x + width, y }, sheet->line, 1);
}

bool sheet_picture(struct sheet *sheet, const struct blob *file, struct box at, struct box card,
                   struct error *err)
{
    /* A picture decoded at twice its size here looks the same after it is scaled. */
    struct image_bounds bounds = { .enough_edge = 2 * (int)ceil(fmax(at.width, at.height)) };
    struct canvas *canvas = &sheet->canvas;
    struct image full_size = { 0 }, small = { 0 };
    cairo_surface_t *surface = NULL;
    bool good = image_decode(file, &bounds, &full_size, NULL, err) &&
                image_scale(&full_size, (int)ceil(at.width), (int)ceil(at.height), &small, err) &&
                surface_from_image(&small, &surface, err);

    image_free(&full_size);
    image_free(&small);
    if (!good) {
        return false;
    }
    cairo_save(canvas->cr);
    cairo_rectangle(canvas->cr, at.x, at.y, at.width, at.height);
    cairo_clip(canvas->cr);
    shape_round(canvas, card, SHEET_CORNER);
    cairo_set_source_surface(canvas->cr, surface, at.x, at.y);
    cairo_fill(canvas->cr);
    cairo_restore(canvas->cr);
    cairo_surface_destroy(surface);
    return true;
}

bool sheet_png(const struct sheet *sheet, struct blob *out, struct error *err)
{
    struct image image;
    bool good = canvas_image(&sheet->canvas, 3, &image, err);

    if (good) {
        good = image_encode_png(&image, true, out, err);
        image_free(&image);
    }
    return good;
}

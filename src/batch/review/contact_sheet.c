/* contact_sheet.c - draws pairs of images, before and after, in rows of three. */
#include "batch/review/contact_sheet.h"

#include <stdio.h>
#include <string.h>

#include "draw/shape.h"
#include "draw/sheet.h"

enum { WIDTH = 1600, EDGE = 40, HEAD = 130, FOOT = 30, COLUMNS = 3, GAP = 20 };
enum { CELL = (WIDTH - 2 * EDGE - (COLUMNS - 1) * GAP) / COLUMNS, PAD = 12, BETWEEN = 8 };
enum { FRAME = (CELL - 2 * PAD - BETWEEN) / 2, LINE = 28, SMALL = 24 };
enum { CELL_HEIGHT = PAD + FRAME + BETWEEN + LINE + 2 * SMALL + PAD };

/* Scales to fit the frame, centered. */
static struct box fit(const struct thumbnail *thumb, struct box frame)
{
    double ratio = (double)thumb->width / thumb->height;
    double width = ratio > 1 ? frame.width : frame.width * ratio;
    double height = ratio > 1 ? frame.height / ratio : frame.height;

    return (struct box){ frame.x + (frame.width - width) / 2, frame.y + (frame.height - height) / 2,
                         width, height };
}

static bool draw_thumb(struct sheet *sheet, const struct thumbnail *thumb, const char *absent,
                       struct box frame, struct error *err)
{
    struct box at;

    shape_panel(&sheet->canvas, frame, SHEET_CORNER, sheet->ground, 1);
    if (thumb->width <= 0) {
        sheet_message(sheet, thumb->missing[0] ? "missing" : absent, box_inset(frame, 16),
                      sheet->dim);
        return true;
    }
    at = fit(thumb, frame);
    return sheet_picture(sheet, &thumb->jpeg, at, at, err);
}

static void draw_caption(struct sheet *sheet, const struct review_item *item, double x, double y)
{
    const struct candidate *best = &item->candidates[0];
    double width = CELL - 2 * PAD;
    char text[200];

    snprintf(text, sizeof text, "%d  %.120s", item->number, item->product);
    sheet_line(sheet, text, (struct box){ x, y, width, LINE }, FACE_STRONG, sheet->ink, ALIGN_LEFT);
    snprintf(text, sizeof text, "%s%s%.60s", item->title, item->style[0] ? ", " : "", item->style);
    sheet_line(sheet, text, (struct box){ x, y + LINE, width, SMALL }, FACE_SMALL, sheet->dim,
               ALIGN_LEFT);
    if (!best->done) {
        sheet_line(sheet, best->error[0] ? best->error : best->state,
                   (struct box){ x, y + LINE + SMALL, width, SMALL }, FACE_SMALL, sheet->bad,
                   ALIGN_LEFT);
        return;
    }
    snprintf(text, sizeof text, "%.60s", best->model);
    if (best->usd >= 0) {
        snprintf(text, sizeof text, "%.60s, %.4f USD", best->model, best->usd);
    }
    sheet_line(sheet, text, (struct box){ x, y + LINE + SMALL, width, SMALL }, FACE_SMALL,
               sheet->dim, ALIGN_LEFT);
    snprintf(text, sizeof text, "%d of %d checks", best->check_count - best->failed,
             best->check_count);
    sheet_line(sheet, text, (struct box){ x, y + LINE + SMALL, width, SMALL }, FACE_SMALL,
               best->failed ? sheet->bad : sheet->good, ALIGN_RIGHT);
    if (item->count > 1) {
        snprintf(text, sizeof text, "best of %d", item->count);
        sheet_line(sheet, text, (struct box){ x, y + LINE, width, SMALL }, FACE_SMALL, sheet->dim,
                   ALIGN_RIGHT);
    }
}

static bool draw_pair(struct sheet *sheet, const struct review_item *item, double x, double y,
                      struct error *err)
{
    struct box card = { x, y, CELL, CELL_HEIGHT };
    struct box left = { x + PAD, y + PAD, FRAME, FRAME }, right = left;
    const struct candidate *best = &item->candidates[0];

    right.x += FRAME + BETWEEN;
    sheet_card(sheet, card);
    if (!draw_thumb(sheet, &item->before, "no image before", left, err) ||
        !draw_thumb(sheet, &best->image, best->done ? "missing" : best->state, right, err)) {
        return false;
    }
    if (best->decision[0]) {
        sheet_mark(sheet, strcmp(best->decision, "accepted") == 0, right.x + FRAME - 40,
                   right.y + 8, 32);
    }
    sheet_outline(sheet, card);
    draw_caption(sheet, item, x + PAD, y + PAD + FRAME + BETWEEN);
    return true;
}

bool contact_sheet_draw(const struct contact_sheet *contact, struct blob *out, struct error *err)
{
    int rows = (contact->count + COLUMNS - 1) / COLUMNS;
    struct sheet sheet;
    bool good = true;

    *out = (struct blob){ 0 };
    if (!sheet_open(WIDTH, HEAD + rows * (CELL_HEIGHT + GAP) - GAP + FOOT, &sheet, err)) {
        return false;
    }
    sheet_line(&sheet, contact->title, (struct box){ EDGE, 18, WIDTH - 2 * EDGE, 64 }, FACE_NAME,
               sheet.ink, ALIGN_LEFT);
    sheet_line(&sheet, contact->subtitle, (struct box){ EDGE, 80, WIDTH - 2 * EDGE, 34 }, FACE_FACT,
               sheet.dim, ALIGN_LEFT);
    for (int i = 0; good && i < contact->count; i++) {
        good = draw_pair(&sheet, &contact->items[i], EDGE + i % COLUMNS * (CELL + GAP),
                         HEAD + i / COLUMNS * (CELL_HEIGHT + GAP), err);
    }
    good = good && sheet_png(&sheet, out, err);
    sheet_close(&sheet);
    return good;
}

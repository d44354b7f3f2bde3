/* album_sheet.c - the contact sheet: rows of images of one height each, below each what it is and
 * what its checks said. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "demo/album.h"
#include "demo/album_layout.h"
#include "demo/record.h"
#include "demo/verdict.h"
#include "draw/icon.h"
#include "draw/lettering.h"
#include "draw/shape.h"
#include "image/resize.h"
#include "io/file.h"

enum { FILE_BYTES = 50 << 20, CORNER = 14 };

struct sheet {
    const cJSON *record;
    const char *folder;
    struct layout layout;
    struct canvas canvas;
    struct colour ink, dim, ground, good, bad, line;
};

/* -- how it looks ---------------------------------------------------------------------------- */

enum face {
    FACE_NAME,
    FACE_HEAD,
    FACE_PILL,
    FACE_TITLE,
    FACE_FACT,
    FACE_STRONG,
    FACE_CHECK,
    FACE_VALUE
};

static const struct {
    double size;
    enum weight weight;
} faces[] = {
    [FACE_NAME] = { 50, WEIGHT_EXTRABOLD }, [FACE_HEAD] = { 26, WEIGHT_REGULAR },
    [FACE_PILL] = { 26, WEIGHT_SEMIBOLD },  [FACE_TITLE] = { 30, WEIGHT_EXTRABOLD },
    [FACE_FACT] = { 23, WEIGHT_REGULAR },   [FACE_STRONG] = { 23, WEIGHT_SEMIBOLD },
    [FACE_CHECK] = { 21, WEIGHT_REGULAR },  [FACE_VALUE] = { 21, WEIGHT_SEMIBOLD },
};

static void say(struct sheet *sheet, const char *text, struct box box, enum face face,
                struct colour colour, enum align align)
{
    lettering_draw(&sheet->canvas, text, box,
                   &(struct lettering){ .weight = faces[face].weight,
                                        .size = faces[face].size,
                                        .lines = 1,
                                        .colour = colour,
                                        .align = align,
                                        .stand = STAND_MIDDLE });
}

static struct box card_box(const struct card *card)
{
    return (struct box){ card->at.x, card->at.y, card->at.width, card->at.height + card->caption };
}

/* The picture, scaled once, with the card's upper corners. */
static bool draw_picture(struct sheet *sheet, const struct card *card, struct error *err)
{
    struct canvas *canvas = &sheet->canvas;
    const char *name = json_peek_text(card->row, "file");
    struct image whole = { 0 }, small = { 0 };
    cairo_surface_t *surface = NULL;
    char path[4300];
    struct blob file;
    bool good;

    snprintf(path, sizeof path, "%s/%s", sheet->folder, name ? name : "");
    if (!name) {
        return error_set(err, ERROR_INTERNAL, "an image of the demo has no file");
    }
    if (!file_read(path, FILE_BYTES, &file, NULL, err)) {
        return false;
    }
    good =
        image_decode(&file, NULL, &whole, NULL, err) &&
        image_scale(&whole, (int)ceil(card->at.width), (int)ceil(card->at.height), &small, err) &&
        surface_of(&small, &surface, err);
    blob_free(&file);
    image_free(&whole);
    image_free(&small);
    if (!good) {
        return false;
    }
    cairo_save(canvas->cr);
    cairo_rectangle(canvas->cr, card->at.x, card->at.y, card->at.width, card->at.height);
    cairo_clip(canvas->cr);
    shape_round(canvas, card_box(card), CORNER);
    cairo_set_source_surface(canvas->cr, surface, card->at.x, card->at.y);
    cairo_fill(canvas->cr);
    cairo_restore(canvas->cr);
    cairo_surface_destroy(surface);
    return true;
}

static void draw_mark(struct sheet *sheet, bool passed, double x, double y, double size)
{
    icon_badge(&sheet->canvas, icon_named(passed ? "check" : "cross"),
               (struct box){ x, y, size, size }, passed ? sheet->good : sheet->bad, COLOUR_WHITE);
}

static void draw_lines(struct sheet *sheet, const struct card *card, double top)
{
    int columns = layout_columns(card), rows = (card->line_count + columns - 1) / columns;
    double width = (card->at.width - 2 * CARD_PAD - (columns - 1) * 2.0 * CARD_PAD) / columns;

    for (int i = 0; i < card->line_count; i++) {
        const struct verdict_line *line = &card->lines[i];
        double x = card->at.x + CARD_PAD + (i / rows) * (width + 2 * CARD_PAD),
               y = top + (i % rows) * CARD_LINE;

        draw_mark(sheet, line->passed, x, y + 5, CARD_LINE - 10);
        say(sheet, line->name, (struct box){ x + CARD_LINE + 2, y, width - CARD_LINE, CARD_LINE },
            FACE_CHECK, sheet->ink, ALIGN_LEFT);
        say(sheet, line->value, (struct box){ x + width * 0.45, y, width * 0.55, CARD_LINE },
            FACE_VALUE, line->passed ? sheet->dim : sheet->bad, ALIGN_RIGHT);
    }
}

static void draw_caption(struct sheet *sheet, const struct card *card)
{
    int passed = verdict_passed(card->lines, card->line_count);
    double y = card->at.y + card->at.height + CARD_PAD, x = card->at.x + CARD_PAD;
    double width = card->at.width - 2 * CARD_PAD;
    char title[80], fact[120], size[40];

    record_title(card->row, title, sizeof title);
    title[0] = (char)(title[0] >= 'a' && title[0] <= 'z' ? title[0] - 32 : title[0]);
    verdict_bytes((double)json_peek_int(card->row, "bytes", 0), size, sizeof size);
    snprintf(fact, sizeof fact, "%lld \xc3\x97 %lld  \xc2\xb7  %s",
             (long long)json_peek_int(card->row, "width", 0),
             (long long)json_peek_int(card->row, "height", 0), size);
    say(sheet, title, (struct box){ x, y, width, CARD_TITLE }, FACE_TITLE, sheet->ink, ALIGN_LEFT);
    say(sheet, card->failed ? "failed" : fact, (struct box){ x, y + CARD_TITLE, width, CARD_FACT },
        FACE_FACT, card->failed ? sheet->bad : sheet->dim, ALIGN_LEFT);
    if (card->line_count > 0 && width > 480) {
        snprintf(fact, sizeof fact, "%d of %d checks passed", passed, card->line_count);
        say(sheet, fact, (struct box){ x, y + CARD_TITLE, width, CARD_FACT }, FACE_STRONG,
            passed == card->line_count ? sheet->good : sheet->bad, ALIGN_RIGHT);
    }
    draw_lines(sheet, card, y + CARD_TITLE + CARD_FACT + CARD_GAP);
}

static bool draw_card(struct sheet *sheet, const struct card *card, struct error *err)
{
    struct box all = card_box(card);
    const char *why = json_peek_text(card->row, "error");
    double line[4] = { all.x, card->at.y + card->at.height, all.x + all.width,
                       card->at.y + card->at.height };

    shape_panel(&sheet->canvas, all, CORNER, COLOUR_WHITE, 1);
    if (card->failed) {
        lettering_draw(&sheet->canvas, why ? why : "failed",
                       box_inset(card->at, card->at.width > 300 ? 40 : 10),
                       &(struct lettering){ .weight = WEIGHT_REGULAR,
                                            .size = 26,
                                            .least = 12,
                                            .colour = sheet->bad,
                                            .align = ALIGN_CENTRE,
                                            .stand = STAND_MIDDLE });
    } else if (!draw_picture(sheet, card, err)) {
        return false;
    }
    if (card->caption > 0) {
        shape_line(&sheet->canvas, line, sheet->line, 1);
    }
    shape_outline(&sheet->canvas, all, CORNER, sheet->line, 1.5);
    if (card->caption > 0) {
        draw_caption(sheet, card);
    }
    return true;
}

static void draw_status(struct sheet *sheet)
{
    const cJSON *project = cJSON_GetObjectItemCaseSensitive(sheet->record, "project");
    const char *status = json_peek_text(project, "status");
    bool whole = record_is_whole(sheet->record);
    struct box pill = { SHEET_WIDTH - SHEET_EDGE - 270, 62, 270, 60 };

    shape_panel(&sheet->canvas, pill, 30, whole ? sheet->good : sheet->bad, 1);
    draw_mark(sheet, whole, pill.x + 18, pill.y + CARD_GAP, 32);
    say(sheet, status ? status : "?", (struct box){ pill.x + 46, pill.y, pill.width - 46, 60 },
        FACE_PILL, COLOUR_WHITE, ALIGN_CENTRE);
}

static void draw_head(struct sheet *sheet)
{
    const cJSON *project = cJSON_GetObjectItemCaseSensitive(sheet->record, "project");
    const cJSON *made = cJSON_GetObjectItemCaseSensitive(sheet->record, "made");
    const cJSON *aplus = cJSON_GetObjectItemCaseSensitive(sheet->record, "aplus");
    const cJSON *seconds = cJSON_GetObjectItemCaseSensitive(sheet->record, "seconds");
    const cJSON *jobs = cJSON_GetObjectItemCaseSensitive(seconds, "jobs");
    const char *name = json_peek_text(project, "productName");
    const char *provider = json_peek_text(made, "provider");
    int modules = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(aplus, "modules"));
    char text[300];

    snprintf(text, sizeof text,
             "%d jobs in %.1f s  \xc2\xb7  provider %.40s  \xc2\xb7  %d images"
             "  \xc2\xb7  A+ content of %d modules",
             cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(sheet->record, "jobs")),
             cJSON_IsNumber(jobs) ? jobs->valuedouble : 0, provider ? provider : "?",
             cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(sheet->record, "images")),
             modules);
    say(sheet, name ? name : "",
        (struct box){ SHEET_EDGE, 34, SHEET_WIDTH - 2 * SHEET_EDGE - 320, 70 }, FACE_NAME,
        sheet->ink, ALIGN_LEFT);
    say(sheet, text, (struct box){ SHEET_EDGE, 100, SHEET_WIDTH - 2 * SHEET_EDGE - 320, 44 },
        FACE_HEAD, sheet->dim, ALIGN_LEFT);
    draw_status(sheet);
}

static void draw_foot(struct sheet *sheet)
{
    const cJSON *entry;
    double y = sheet->layout.height - SHEET_FOOT + 4, used = 0, back = 0;
    char text[200];

    cJSON_ArrayForEach(entry, cJSON_GetObjectItemCaseSensitive(sheet->record, "ledger"))
    {
        const char *type = json_peek_text(entry, "type");
        double amount = (double)json_peek_int(entry, "amount", 0);

        used -= type && strcmp(type, "USAGE") == 0 ? amount : 0;
        back += type && strcmp(type, "REFUND") == 0 ? amount : 0;
    }
    snprintf(text, sizeof text, "%.0f credits charged, %.0f refunded, %lld left", used, back,
             (long long)json_peek_int(sheet->record, "balance", 0));
    say(sheet, text, (struct box){ SHEET_EDGE, y, SHEET_WIDTH - 2.0 * SHEET_EDGE, SHEET_FOOT - 12 },
        FACE_HEAD, sheet->dim, ALIGN_LEFT);
    say(sheet, "darkroom demo",
        (struct box){ SHEET_EDGE, y, SHEET_WIDTH - 2.0 * SHEET_EDGE, SHEET_FOOT - 12 }, FACE_PILL,
        sheet->dim, ALIGN_RIGHT);
}

static bool draw(struct sheet *sheet, struct blob *out, struct error *err)
{
    struct image image;
    bool good = true;

    if (!canvas_new(SHEET_WIDTH, sheet->layout.height, &sheet->canvas, err)) {
        return false;
    }
    canvas_fill(&sheet->canvas, sheet->ground);
    draw_head(sheet);
    for (int i = 0; good && i < sheet->layout.count; i++) {
        good = draw_card(sheet, &sheet->layout.cards[i], err);
    }
    if (sheet->layout.heading > 0) {
        say(sheet, "A+ module images",
            (struct box){ SHEET_EDGE, sheet->layout.heading, SHEET_WIDTH, SHEET_HEADING - 12 },
            FACE_TITLE, sheet->ink, ALIGN_LEFT);
    }
    draw_foot(sheet);
    good = good && canvas_image(&sheet->canvas, 3, &image, err);
    canvas_free(&sheet->canvas);
    if (good) {
        good = image_encode_png(&image, true, out, err);
        image_free(&image);
    }
    return good;
}

bool album_contact_sheet(const cJSON *record, const char *folder, struct blob *out,
                         struct error *err)
{
    struct sheet sheet = { .record = record,
                           .folder = folder,
                           .ink = colour_hex(0x14201f),
                           .dim = colour_hex(0x5c6b69),
                           .ground = colour_hex(0xeef1f0),
                           .good = colour_hex(0x17784f),
                           .bad = colour_hex(0xb3261e),
                           .line = colour_hex(0xd6dddb) };
    bool good;

    *out = (struct blob){ 0 };
    good = layout_make(record, &sheet.layout, err) && draw(&sheet, out, err);
    layout_free(&sheet.layout);
    return good;
}

/* album_sheet.c - draws the contact sheet: rows of images, each with its title, size and check
 * results below it. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "demo/album.h"
#include "demo/album_layout.h"
#include "demo/record.h"
#include "draw/sheet.h"
#include "io/file.h"

enum { FILE_BYTES = 50 << 20 };

struct album {
    const cJSON *record;
    const char *folder;
    struct layout layout;
    struct sheet sheet;
};

static struct box card_box(const struct card *card)
{
    return (struct box){ card->at.x, card->at.y, card->at.width, card->at.height + card->caption };
}

static bool draw_picture(struct album *album, const struct card *card, struct error *err)
{
    const char *name = json_peek_text(card->row, "file");
    char path[4300];
    struct blob file;
    bool good;

    snprintf(path, sizeof path, "%s/%s", album->folder, name ? name : "");
    if (!name) {
        return error_set(err, ERROR_INTERNAL, "an image of the demo's record has no file");
    }
    if (!file_read(path, FILE_BYTES, &file, NULL, err)) {
        return false;
    }
    good = sheet_picture(&album->sheet, &file, card->at, card_box(card), err);
    blob_free(&file);
    return good;
}

static void draw_checks(struct sheet *sheet, const struct card *card, double top)
{
    int columns = layout_columns(card), rows = (card->line_count + columns - 1) / columns;
    double width = (card->at.width - 2 * CARD_PAD - (columns - 1) * 2.0 * CARD_PAD) / columns;

    for (int i = 0; i < card->line_count; i++) {
        const struct check_result *line = &card->lines[i];
        double x = card->at.x + CARD_PAD + (i / rows) * (width + 2 * CARD_PAD),
               y = top + (i % rows) * CARD_LINE;

        sheet_mark(sheet, line->passed, x, y + 5, CARD_LINE - 10);
        sheet_line(sheet, line->name,
                   (struct box){ x + CARD_LINE + 2, y, width - CARD_LINE, CARD_LINE }, FACE_CHECK,
                   sheet->ink, ALIGN_LEFT);
        sheet_line(sheet, line->value, (struct box){ x + width * 0.45, y, width * 0.55, CARD_LINE },
                   FACE_VALUE, line->passed ? sheet->dim : sheet->bad, ALIGN_RIGHT);
    }
}

static void draw_caption(struct sheet *sheet, const struct card *card)
{
    int passed = check_results_passed(card->lines, card->line_count);
    double y = card->at.y + card->at.height + CARD_PAD, x = card->at.x + CARD_PAD;
    double width = card->at.width - 2 * CARD_PAD;
    char title[80], fact[120], size[40];

    demo_record_title(card->row, title, sizeof title);
    title[0] = (char)(title[0] >= 'a' && title[0] <= 'z' ? title[0] - 32 : title[0]);
    bytes_text((double)json_peek_int(card->row, "bytes", 0), size, sizeof size);
    snprintf(fact, sizeof fact, "%lld \xc3\x97 %lld  \xc2\xb7  %s",
             (long long)json_peek_int(card->row, "width", 0),
             (long long)json_peek_int(card->row, "height", 0), size);
    sheet_line(sheet, title, (struct box){ x, y, width, CARD_TITLE }, FACE_TITLE, sheet->ink,
               ALIGN_LEFT);
    sheet_line(sheet, card->failed ? "failed" : fact,
               (struct box){ x, y + CARD_TITLE, width, CARD_FACT }, FACE_FACT,
               card->failed ? sheet->bad : sheet->dim, ALIGN_LEFT);
    if (card->line_count > 0 && width > 480) {
        snprintf(fact, sizeof fact, "%d of %d checks passed", passed, card->line_count);
        sheet_line(sheet, fact, (struct box){ x, y + CARD_TITLE, width, CARD_FACT }, FACE_STRONG,
                   passed == card->line_count ? sheet->good : sheet->bad, ALIGN_RIGHT);
    }
    draw_checks(sheet, card, y + CARD_TITLE + CARD_FACT + CARD_GAP);
}

static bool draw_card(struct album *album, const struct card *card, struct error *err)
{
    struct sheet *sheet = &album->sheet;
    struct box whole = card_box(card);
    const char *error = json_peek_text(card->row, "message");

    sheet_card(sheet, whole);
    if (card->failed) {
        sheet_message(sheet, error ? error : "failed",
                      box_inset(card->at, card->at.width > 300 ? 40 : 10), sheet->bad);
    } else if (!draw_picture(album, card, err)) {
        return false;
    }
    if (card->caption > 0) {
        sheet_rule(sheet, whole.x, card->at.y + card->at.height, whole.width);
    }
    sheet_outline(sheet, whole);
    if (card->caption > 0) {
        draw_caption(sheet, card);
    }
    return true;
}

static void draw_header(struct album *album)
{
    struct sheet *sheet = &album->sheet;
    const cJSON *record = album->record;
    const cJSON *project = cJSON_GetObjectItemCaseSensitive(record, "project");
    const cJSON *made = cJSON_GetObjectItemCaseSensitive(record, "made");
    const cJSON *aplus = cJSON_GetObjectItemCaseSensitive(record, "aplus");
    const cJSON *seconds = cJSON_GetObjectItemCaseSensitive(record, "seconds");
    const cJSON *jobs = cJSON_GetObjectItemCaseSensitive(seconds, "jobs");
    const char *name = json_peek_text(project, "productName");
    const char *provider = json_peek_text(made, "provider");
    bool offline = provider && strcmp(provider, "offline") == 0;
    int modules = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(aplus, "modules"));
    char text[300], time[40] = "", status[40];

    if (cJSON_IsNumber(jobs)) { /* not known for one of several products */
        snprintf(time, sizeof time, " in %.1f s", jobs->valuedouble);
    }
    snprintf(text, sizeof text,
             "%d jobs%s  \xc2\xb7  %s%.40s  \xc2\xb7  %d images"
             "  \xc2\xb7  A+ content with %d modules",
             cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(record, "jobs")), time,
             offline ? "drawn on this machine, without a model" : "provider ",
             offline    ? ""
             : provider ? provider
                        : "?",
             cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(record, "images")), modules);
    sheet_line(sheet, name ? name : "",
               (struct box){ SHEET_EDGE, 34, SHEET_WIDTH - 2 * SHEET_EDGE - 320, 70 }, FACE_NAME,
               sheet->ink, ALIGN_LEFT);
    sheet_line(sheet, text, (struct box){ SHEET_EDGE, 100, SHEET_WIDTH - 2 * SHEET_EDGE - 320, 44 },
               FACE_HEAD, sheet->dim, ALIGN_LEFT);
    demo_record_status(record, status, sizeof status);
    sheet_pill(sheet, status, demo_record_complete(record),
               (struct box){ SHEET_WIDTH - SHEET_EDGE - 270, 62, 270, 60 });
}

static void draw_footer(struct album *album)
{
    struct sheet *sheet = &album->sheet;
    const cJSON *record = album->record, *entry;
    double y = album->layout.height - SHEET_FOOT + 4, charged = 0, refunded = 0;
    char text[200] = "";

    cJSON_ArrayForEach(entry, cJSON_GetObjectItemCaseSensitive(record, "ledger"))
    {
        const char *type = json_peek_text(entry, "type");
        double amount = (double)json_peek_int(entry, "amount", 0);

        charged -= type && strcmp(type, "USAGE") == 0 ? amount : 0;
        refunded += type && strcmp(type, "REFUND") == 0 ? amount : 0;
    }
    if (charged > 0) {
        snprintf(text, sizeof text, "%.0f credits charged, %.0f refunded, %lld left", charged,
                 refunded, (long long)json_peek_int(record, "balance", 0));
    }
    sheet_line(sheet, text,
               (struct box){ SHEET_EDGE, y, SHEET_WIDTH - 2.0 * SHEET_EDGE, SHEET_FOOT - 12 },
               FACE_HEAD, sheet->dim, ALIGN_LEFT);
    sheet_line(sheet, "darkroom",
               (struct box){ SHEET_EDGE, y, SHEET_WIDTH - 2.0 * SHEET_EDGE, SHEET_FOOT - 12 },
               FACE_PILL, sheet->dim, ALIGN_RIGHT);
}

bool album_contact_sheet(const cJSON *record, const char *folder, struct blob *out,
                         struct error *err)
{
    struct album album = { .record = record, .folder = folder };
    struct sheet *sheet = &album.sheet;
    bool good = true;

    *out = (struct blob){ 0 };
    if (!layout_make(record, &album.layout, err) ||
        !sheet_open(SHEET_WIDTH, album.layout.height, sheet, err)) {
        layout_free(&album.layout);
        return false;
    }
    draw_header(&album);
    for (int i = 0; good && i < album.layout.count; i++) {
        good = draw_card(&album, &album.layout.cards[i], err);
    }
    if (album.layout.heading > 0) {
        sheet_line(sheet, "A+ module images",
                   (struct box){ SHEET_EDGE, album.layout.heading, SHEET_WIDTH,
                                 SHEET_HEADING - 12 },
                   FACE_TITLE, sheet->ink, ALIGN_LEFT);
    }
    draw_footer(&album);
    good = good && sheet_png(sheet, out, err);
    sheet_close(sheet);
    layout_free(&album.layout);
    return good;
}

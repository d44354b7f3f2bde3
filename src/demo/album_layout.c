/* album_layout.c - lays out a contact sheet: assigns images to rows and computes their sizes. */
#include "demo/album_layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

enum { GAP = 28, CARDS = 48, COLUMN = 250, ROW_HEIGHT = 600, MODULE_HEIGHT = 200 };

/* -- cards ----------------------------------------------------------------------------------- */

/* Returns true for an image of an A+ module, whose check results are not shown. */
static bool is_module_image(const cJSON *row)
{
    return json_peek_int(row, "module", -1) >= 0;
}

static void add_card(struct layout *layout, const cJSON *row, bool failed)
{
    struct card *card = &layout->cards[layout->count];
    double width = (double)json_peek_int(row, "width", 1);
    double height = (double)json_peek_int(row, "height", 1);

    if (layout->count == CARDS) {
        return;
    }
    layout->count++;
    *card = (struct card){ .row = row, .failed = failed, .ratio = 1 };
    if (!failed && width > 0 && height > 0) {
        card->ratio = fmax(0.3, fmin(3, width / height));
    }
    card->line_count = is_module_image(row) ? 0 : check_results_read(row, card->lines);
}

/* Sorts upright images before wide ones and images of modules last, so that the images of a row
 * have similar shapes. */
static int card_group(const struct card *card)
{
    return is_module_image(card->row) ? 2 : card->ratio > 1.3 ? 1 : 0;
}

static void add_cards(struct layout *layout, const cJSON *record)
{
    const cJSON *row;
    struct card *sorted = layout->cards + CARDS;
    int count = 0;

    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(record, "images"))
    {
        add_card(layout, row, false);
    }
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(record, "jobs"))
    {
        const char *status = json_peek_text(row, "status");

        if (json_peek_text(row, "image") && status && strcmp(status, "failed") == 0) {
            add_card(layout, row, true);
        }
    }
    for (int group = 0; group < 3; group++) {
        for (int i = 0; i < layout->count; i++) {
            if (card_group(&layout->cards[i]) == group) {
                sorted[count++] = layout->cards[i];
            }
        }
    }
    memcpy(layout->cards, sorted, (size_t)count * sizeof *sorted);
}

/* -- positions ------------------------------------------------------------------------------- */

int layout_columns(const struct card *card)
{
    int columns = (int)((card->at.width - 2 * CARD_PAD) / COLUMN);

    return columns < 1 ? 1 : columns;
}

static double caption_height(const struct card *card)
{
    int rows = (card->line_count + layout_columns(card) - 1) / layout_columns(card);

    return CARD_PAD + CARD_TITLE + CARD_FACT + (rows > 0 ? CARD_GAP + rows * CARD_LINE : 0) +
           CARD_PAD;
}

/* Returns how many of the cards from `first` to `end` - 1 fill a row about ROW_HEIGHT high. */
static int row_length(const struct layout *layout, int first, int end)
{
    double wanted = (SHEET_WIDTH - 2.0 * SHEET_EDGE) / ROW_HEIGHT, sum = 0;
    int count = 0;

    while (first + count < end) {
        double more = sum + layout->cards[first + count].ratio;

        if (count > 0 && fabs(more - wanted) > fabs(sum - wanted)) {
            break;
        }
        sum = more;
        count++;
    }
    return count;
}

/* Scales the cards to one common height that fills the width, limited to 1.35 times the target
 * height. Returns the y of the next row. */
static double place_row(struct layout *layout, int first, int count, double target, double y)
{
    double sum = 0, available = SHEET_WIDTH - 2.0 * SHEET_EDGE - (count - 1) * (double)GAP,
           x = SHEET_EDGE, height;
    double caption = 0;

    for (int i = 0; i < count; i++) {
        sum += layout->cards[first + i].ratio;
    }
    height = fmin(available / sum, target * 1.35);
    for (int i = 0; i < count; i++) {
        struct card *card = &layout->cards[first + i];

        card->at = (struct box){ x, y, card->ratio * height, height };
        caption = fmax(caption, is_module_image(card->row) ? 0 : caption_height(card));
        x += card->at.width + GAP;
    }
    for (int i = 0; i < count; i++) {
        layout->cards[first + i].caption = caption;
    }
    return y + height + caption + GAP;
}

/* Places the images of modules below a heading, small, with the same number in each row. */
static double place_modules(struct layout *layout, int first, double y)
{
    int count = layout->count - first;
    double rows = round(count * (double)MODULE_HEIGHT / (SHEET_WIDTH - 2.0 * SHEET_EDGE));
    int per_row = rows > 1 ? (int)ceil(count / rows) : count;

    layout->heading = y;
    y += SHEET_HEADING;
    for (; first < layout->count; first += per_row) {
        y = place_row(layout, first,
                      first + per_row < layout->count ? per_row : layout->count - first,
                      MODULE_HEIGHT, y);
    }
    return y;
}

static void place_cards(struct layout *layout)
{
    double y = SHEET_HEAD;
    int end = 0;

    while (end < layout->count && card_group(&layout->cards[end]) < 2) {
        end++;
    }
    for (int first = 0; first < end;) {
        int count = row_length(layout, first, end);

        y = place_row(layout, first, count, ROW_HEIGHT, y);
        first += count;
    }
    if (end < layout->count) {
        y = place_modules(layout, end, y);
    }
    layout->height = (int)(y - GAP + SHEET_FOOT);
}

bool layout_make(const cJSON *record, struct layout *out, struct error *err)
{
    *out =
        (struct layout){ .cards = calloc(2 * CARDS,
                                         sizeof *out->cards) }; /* the second half is for sorting */
    if (!out->cards) {
        return error_set(err, ERROR_INTERNAL, "out of memory for a contact sheet");
    }
    add_cards(out, record);
    place_cards(out);
    return true;
}

void layout_free(struct layout *layout)
{
    free(layout->cards);
    *layout = (struct layout){ 0 };
}

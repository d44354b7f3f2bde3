/* feature_list.c - features as a list of rows and columns, each with an icon. */
#include <math.h>
#include <stdlib.h>

#include "compose/design.h"
#include "draw/icon.h"

/* In sizes of the titles' type. */
static const double icon_size = 1.85, icon_gap = 0.5, row_gap = 0.62, column_gap = 0.7;
static const double text_size = 0.86, text_gap = 0.2;

static double icon_edge(const struct composed_list *list)
{
    return list->size * icon_size;
}

static double cell_width(const struct composed_list *list)
{
    return (list->width - (list->columns - 1) * column_gap * list->size) / list->columns;
}

static double words_width(const struct composed_list *list)
{
    return cell_width(list) - icon_edge(list) - icon_gap * list->size;
}

static struct lettering title_style(const struct design *design, const struct layout_item *item,
                                    const struct composed_list *list)
{
    return (struct lettering){ .weight = WEIGHT_SEMIBOLD,
                               .size = list->size,
                               .lines = item->lines,
                               .word_space = item->kind == ITEM_MEASURES ? 0.14 : 0,
                               .leading = type_leading(design, 0.98),
                               .align = design_align(design, ALIGN_LEFT),
                               .valign = VALIGN_MIDDLE,
                               .family = design->brief->brand.font_family };
}

static struct lettering description_style(const struct design *design,
                                          const struct layout_item *item,
                                          const struct composed_list *list)
{
    double least = item->min_size * design->canvas.height;

    return (struct lettering){ .weight = WEIGHT_REGULAR,
                               .size = fmax(least, list->size * text_size),
                               .lines = 2,
                               .leading = type_leading(design, 1.05),
                               .align = design_align(design, ALIGN_LEFT),
                               .family = design->brief->brand.font_family };
}

/* Computes the height of a cell; negative if a text does not fit its width. */
static double cell_height(struct design *design, const struct layout_item *item,
                          const struct composed_list *list, const struct feature *feature)
{
    struct lettering title = title_style(design, item, list);
    struct lettering words = description_style(design, item, list);
    double width = words_width(list), height;
    struct lettering_fit fit;

    if (width < list->size * 3) {
        return -1;
    }
    fit = lettering_measure(&design->canvas, feature->title, width, 1e5, &title);
    if (!fit.whole) {
        return -1;
    }
    height = fit.height;
    if (list->describe) {
        fit = lettering_measure(&design->canvas, feature->description, width, 1e5, &words);
        if (!fit.whole || feature->description[0] == '\0') {
            return -1;
        }
        height += list->size * text_gap + fit.height;
    }
    return fmax(height, icon_edge(list));
}

/* Computes row heights and the list's height. Returns the feature whose text does not fit its cell;
 * -1: all fit. */
static int measure_rows(struct design *design, const struct layout_item *item,
                        struct composed_list *list)
{
    list->height = 0;
    list->gap = row_gap * list->size;
    for (int i = 0; i < list->count; i++) {
        double height = cell_height(design, item, list, list->features[i]);
        int row = i / list->columns;

        if (height < 0) {
            return i;
        }
        list->rows[row] = i % list->columns == 0 ? height : fmax(list->rows[row], height);
    }
    for (int row = 0; row * list->columns < list->count; row++) {
        list->height += list->rows[row] + (row > 0 ? list->gap : 0);
    }
    return -1;
}

/* Finds the largest type size at which the list fits. Returns false if none does; *too_wide is then
 * the feature that does not fit its cell at the smallest size, or -1. */
static bool fit_size(struct design *design, const struct layout_item *item, double height,
                     struct composed_list *list, int *too_wide)
{
    double least = item->min_size * design->canvas.height;

    list->size = item->size * design->canvas.height;
    while ((*too_wide = measure_rows(design, item, list)) >= 0 || list->height > height) {
        if (list->size <= least) {
            return false;
        }
        list->size = fmax(least, list->size * 0.93);
    }
    return true;
}

/* Tries the numbers of columns. An incomplete last row is the last choice. If nothing fits,
 * *too_wide is the feature that does not even fit a single column, or -1. */
static bool fit_columns(struct design *design, const struct layout_item *item, double height,
                        struct composed_list *list, int *too_wide)
{
    int most = item->columns < list->count ? item->columns : list->count;
    int columns[] = { 1, most }, ignored;

    if (list->count % most == 0) {
        columns[0] = most;
        columns[1] = 1;
    }
    for (int i = 0; i < 2; i++) {
        list->columns = columns[i];
        if (fit_size(design, item, height, list, columns[i] == 1 ? too_wide : &ignored)) {
            return true;
        }
    }
    return false;
}

static int by_priority(const void *a, const void *b)
{
    const struct feature *one = *(const struct feature *const *)a;
    const struct feature *two = *(const struct feature *const *)b;

    if (one->priority != two->priority) {
        return two->priority - one->priority;
    }
    return one < two ? -1 : one > two; /* both point into one array */
}

int features_by_priority(const struct feature *entries, int count, const struct feature **out)
{
    for (int i = 0; i < count; i++) {
        out[i] = &entries[i];
    }
    qsort(out, (size_t)count, sizeof *out, by_priority);
    return count;
}

/* Removes the feature that is too wide for any cell, or else the least important one. */
static void remove_feature(struct composed_list *list, int too_wide)
{
    int from = too_wide >= 0 ? too_wide : list->count - 1;

    for (int i = from; i + 1 < list->count; i++) {
        list->features[i] = list->features[i + 1];
    }
    list->count--;
}

void feature_list_plan(struct design *design, const struct layout_item *item, double width,
                       double height, struct composed_list *out)
{
    const struct brief *brief = design->brief;
    int too_wide = -1;

    *out = (struct composed_list){ .width = width };
    out->count = item->kind == ITEM_MEASURES
                     ? features_by_priority(design->measures, design->measure_count, out->features)
                     : features_by_priority(brief->features, brief->feature_count, out->features);
    out->count = out->count < item->count ? out->count : item->count;
    while (out->count > 0) {
        out->describe = item->describe;
        if (out->describe && fit_columns(design, item, height, out, &too_wide)) {
            break;
        }
        out->describe = false;
        if (fit_columns(design, item, height, out, &too_wide)) {
            break;
        }
        remove_feature(out, too_wide);
        design->record->left_out++;
    }
    if (out->count > 0) { /* spreads the rows over the free height */
        int rows = (out->count + out->columns - 1) / out->columns;
        double more = rows > 1 ? fmin(out->gap * 1.4, (height - out->height) / (rows - 1)) : 0;

        out->gap += more;
        out->height += more * (rows - 1);
    }
}

static void draw_cell(struct design *design, const struct layout_item *item,
                      const struct composed_list *list, const struct feature *feature,
                      struct box box, enum tint ground)
{
    struct colour behind = tint_colour(&design->colours, ground);
    double edge = icon_edge(list), gap = icon_gap * list->size;
    struct box words = { box.x + edge + gap, box.y, box.width - edge - gap, box.height };
    struct box badge = { box.x, box.y + (box.height - edge) / 2, edge, edge };
    struct type_style title = { title_style(design, item, list), behind };
    struct type_style text = { description_style(design, item, list), behind };
    struct icon_colours colours = icon_colours_on(design, ground);

    if (design->mirrored) {
        words.x = box.x;
        badge.x = box.x + box.width - edge;
    }
    title.lettering.colour = tint_ink(&design->colours, ground);
    text.lettering.colour = tint_muted_ink(&design->colours, ground);
    icon_badge(&design->canvas, icon_find(feature->icon, feature->title, feature->description),
               badge, colours.disc, colours.line);
    if (list->describe) {
        struct lettering_fit a =
            lettering_measure(&design->canvas, feature->title, words.width, 1e5, &title.lettering);
        struct lettering_fit b = lettering_measure(&design->canvas, feature->description,
                                                   words.width, 1e5, &text.lettering);
        double top = box.y + (box.height - a.height - b.height - text_gap * list->size) / 2;

        design_text(design, feature->title, "feature title",
                    (struct box){ words.x, top, words.width, a.height + 1 }, &title);
        top += a.height + text_gap * list->size;
        design_text(design, feature->description, "feature description",
                    (struct box){ words.x, top, words.width, b.height + 1 }, &text);
    } else {
        design_text(design, feature->title,
                    item->kind == ITEM_MEASURES ? "dimension" : "feature title", words, &title);
    }
}

void feature_list_draw(struct design *design, const struct layout_item *item,
                       const struct composed_list *list, struct box box, enum tint ground)
{
    double width = cell_width(list), y = box.y;

    for (int i = 0; i < list->count; i++) {
        int row = i / list->columns, column = i % list->columns;
        double x = column * (width + column_gap * list->size);

        if (design->mirrored) {
            x = box.width - width - x;
        }
        draw_cell(design, item, list, list->features[i],
                  (struct box){ box.x + x, y, width, list->rows[row] }, ground);
        if (column == list->columns - 1) {
            y += list->rows[row] + list->gap;
        }
    }
}

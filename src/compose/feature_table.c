/* feature_table.c - features as rows of a table, with a column of marks for the product. A second
 * column, with an empty silhouette, stands for other products: only if the seller compares them. */
#include <math.h>

#include "compose/design.h"
#include "draw/icon.h"
#include "draw/shape.h"
#include "model/wording.h"

/* In sizes of the titles' type. */
static const double mark_size = 1.9, row_padding = 1.0, mark_column = 4.6;

static struct lettering title_style(const struct design *design, const struct layout_item *item,
                                    double size)
{
    return (struct lettering){ .weight = WEIGHT_SEMIBOLD,
                               .size = size,
                               .lines = item->lines,
                               .leading = type_leading(design, 0.98),
                               .align = design_align(design, ALIGN_LEFT),
                               .valign = VALIGN_MIDDLE,
                               .family = design->brief->brand.font_family };
}

static double title_width(const struct composed_table *table)
{
    return table->width - table->columns * table->mark - table->size * 0.8;
}

/* Computes the heights at table->size. Returns the row whose title does not fit; -1: all fit. */
static int measure_rows(struct design *design, const struct layout_item *item,
                        struct composed_table *table)
{
    struct lettering style = title_style(design, item, table->size);

    table->mark = fmin(table->size * mark_column, table->width * 0.22);
    table->head = table->mark * 1.05;
    table->height = table->head;
    for (int i = 0; i < table->count; i++) {
        struct lettering_fit fit = lettering_measure(&design->canvas, table->rows[i]->title,
                                                     title_width(table), 1e5, &style);

        if (!fit.whole) {
            return i;
        }
        table->heights[i] = fmax(fit.height, mark_size * table->size) + row_padding * table->size;
        table->height += table->heights[i];
    }
    return -1;
}

static bool fit_table(struct design *design, const struct layout_item *item, double height,
                      struct composed_table *table, int *too_wide)
{
    double least = item->min_size * design->canvas.height;

    table->size = item->size * design->canvas.height;
    while ((*too_wide = measure_rows(design, item, table)) >= 0 || table->height > height) {
        if (table->size <= least) {
            return false;
        }
        table->size = fmax(least, table->size * 0.93);
    }
    return true;
}

/* "Unlike ordinary bottles": a column of other products that lack the features is such a claim. */
static bool seller_compares(const struct design *design)
{
    const char *text = design->brief->description;

    return text && wording_unfounded(text, "") != NULL;
}

void feature_table_plan(struct design *design, const struct layout_item *item, double width,
                        double height, struct composed_table *out)
{
    int count, too_wide;

    *out = (struct composed_table){ .width = width, .columns = seller_compares(design) ? 2 : 1 };
    design->record->compares = out->columns == 2;
    count = features_by_priority(design->brief->features, design->brief->feature_count, out->rows);
    out->count = count < item->count ? count : item->count;
    while (out->count > 0 && !fit_table(design, item, height, out, &too_wide)) {
        for (int i = too_wide < 0 ? out->count - 1 : too_wide; i + 1 < out->count; i++) {
            out->rows[i] = out->rows[i + 1];
        }
        out->count--;
        design->record->left_out++;
    }
    if (out->count > 0) { /* spreads the rows over the free height */
        double more = fmin(out->size * 1.2, (height - out->height) / out->count);

        for (int i = 0; i < out->count; i++) {
            out->heights[i] += more;
        }
        out->height += more * out->count;
    }
}

/* Draws the product in its own colours, or its silhouette in one colour. */
static void draw_thumbnail(struct design *design, struct box box, const struct colour *silhouette)
{
    struct product *product = &design->product;
    struct box at = product_fit(product, box);
    cairo_t *cr = design->canvas.cr;

    at.y = box.y + (box.height - at.height) / 2;
    if (!silhouette) {
        product_paint(&design->canvas, product, at);
        return;
    }
    cairo_save(cr);
    cairo_translate(cr, at.x, at.y);
    cairo_scale(cr, at.width / product->width, at.height / product->height);
    canvas_colour(&design->canvas, *silhouette, 1);
    cairo_mask_surface(cr, product->surface, 0, 0);
    cairo_restore(cr);
}

/* Returns column 0 (the product) or 1 (others) of a box that has the table's width. */
static struct box mark_box(const struct design *design, const struct composed_table *table,
                           struct box box, int column)
{
    double x = table->width - (table->columns - column) * table->mark;

    if (design->mirrored) {
        x = table->width - table->mark - x;
    }
    return (struct box){ box.x + x, box.y, table->mark, box.height };
}

static void draw_marks(struct design *design, const struct composed_table *table, struct box row,
                       enum tint ground)
{
    const struct brand_colours *colours = &design->colours;
    struct box first = mark_box(design, table, row, 0), second = mark_box(design, table, row, 1);
    double edge = table->size * mark_size, y = row.y + row.height / 2;
    double x = second.x + second.width / 2;
    struct colour line = colour_mix(tint_colour(colours, ground), tint_ink(colours, ground), 0.45);

    icon_badge(&design->canvas, icon_named("check"),
               (struct box){ first.x + (first.width - edge) / 2, y - edge / 2, edge, edge },
               colours->accent, colour_readable(colour_ink(colours->accent), colours->accent, 3));
    if (table->columns > 1) {
        shape_line(&design->canvas, (double[4]){ x - edge * 0.2, y, x + edge * 0.2, y }, line,
                   edge * 0.09);
    }
}

static void draw_row(struct design *design, const struct layout_item *item,
                     const struct composed_table *table, int at, struct box row, enum tint ground)
{
    const struct brand_colours *colours = &design->colours;
    struct type_style style = { title_style(design, item, table->size),
                                tint_colour(colours, ground) };
    struct colour line = colour_mix(style.ground, tint_ink(colours, ground), 0.16);
    double width = title_width(table);
    struct box words = { design->mirrored ? row.x + row.width - width : row.x, row.y, width,
                         row.height };

    shape_line(&design->canvas, (double[4]){ row.x, row.y, row.x + row.width, row.y }, line,
               fmax(1, design->unit * 0.14));
    style.lettering.colour = tint_ink(colours, ground);
    design_text(design, table->rows[at]->title, "feature title", words, &style);
    draw_marks(design, table, row, ground);
}

void feature_table_draw(struct design *design, const struct layout_item *item,
                        const struct composed_table *table, struct box box, enum tint ground)
{
    const struct brand_colours *colours = &design->colours;
    struct icon_colours icon = icon_colours_on(design, ground);
    struct box head = { box.x, box.y, box.width, table->head };
    struct box column = mark_box(design, table, box, 0);
    struct colour ghost = colour_mix(tint_colour(colours, ground), tint_ink(colours, ground), 0.2);
    double inset = table->mark * 0.14, y = box.y + table->head;

    shape_panel(&design->canvas, column, design->unit * 1.8, icon.disc, 1);
    draw_thumbnail(design, box_inset(mark_box(design, table, head, 0), inset), NULL);
    if (table->columns > 1) {
        draw_thumbnail(design, box_inset(mark_box(design, table, head, 1), inset), &ghost);
    }
    for (int i = 0; i < table->count; i++) {
        draw_row(design, item, table, i, (struct box){ box.x, y, box.width, table->heights[i] },
                 ground);
        y += table->heights[i];
    }
}

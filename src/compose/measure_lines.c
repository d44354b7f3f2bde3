/* measure_lines.c - dimension lines at the product's edges. */
#include <math.h>
#include <stdio.h>

#include "compose/design.h"
#include "draw/shape.h"

/* In hundredths of the shorter side. */
static const double line_distance = 5.5, label_distance = 2.2, tick_length = 1.6;

/* Returns whether the picture shows a number of this one's series. */
static bool series_is_drawn(const struct design *design, const struct dimension *dimension)
{
    return (design->tall && design->tall->series == dimension->series) ||
           (design->wide && design->wide->series == dimension->series);
}

/* Adds a dimension that has no line to the list below the product: with the part that it belongs
 * to, and an icon of its axis. A series of which nothing is drawn is printed as a whole. */
static void add_to_list(struct design *design, int at, bool depth)
{
    const struct dimension *dimension = &design->brief->dimensions[at];
    bool whole = dimension->series > 0 && !series_is_drawn(design, dimension);
    char *text = design->measure_texts[design->measure_count];

    if (whole && dimension_continues(design->brief->dimensions, at)) {
        return;
    }
    snprintf(text, sizeof *design->measure_texts, "%s%s%s", dimension->part,
             dimension->part[0] ? " " : "", whole ? dimension_print(dimension) : dimension->text);
    design->measures[design->measure_count++] =
        (struct feature){ .title = text,
                          .description = "",
                          .icon = depth                             ? "depth"
                                  : dimension->axis != AXIS_UNKNOWN ? axis_name(dimension->axis)
                                                                    : "ruler",
                          .priority = 1 };
}

bool measures_choose(struct design *design, struct error *err)
{
    const struct brief *brief = design->brief;
    const struct dimension_view view =
        dimensions_view(brief->dimensions, brief->dimension_count,
                        design->product_at.width / design->product_at.height);

    if (view.ambiguous) {
        error_set(err, ERROR_INPUT,
                  "the dimensions do not say which of them is the height, width or depth");
        err->cause = COMPOSE_UNCLEAR_DIMENSIONS;
        return false;
    }
    design->tall = view.vertical >= 0 ? &brief->dimensions[view.vertical] : NULL;
    design->wide = view.horizontal >= 0 ? &brief->dimensions[view.horizontal] : NULL;
    for (int i = 0; i < brief->dimension_count; i++) {
        if (i != view.vertical && i != view.horizontal) {
            add_to_list(design, i, i == view.depth);
        }
    }
    return true;
}

static struct type_style label_style(const struct design *design, enum align align,
                                     enum valign valign)
{
    enum tint ground = design->form->ground;
    double height = design->canvas.height;

    return (struct type_style){
        .lettering = { .weight = WEIGHT_SEMIBOLD,
                       .size = fmax(0.032 * height, 4.2 * design->unit),
                       .min_size = 0.0205 * height,
                       .lines = 2,
                       .word_space = 0.14,
                       .colour = tint_ink(&design->colours, ground),
                       .align = align,
                       .valign = valign,
                       .leading = type_leading(design, 0.95),
                       .family = design->brief->brand.font_family },
        .ground = tint_colour(&design->colours, ground),
    };
}

/* Draws the label if it fits the box, else counts it as left out. */
static void draw_label(struct design *design, const struct dimension *dimension, struct box box,
                       struct type_style style)
{
    struct lettering_fit fit = lettering_measure(&design->canvas, dimension->text, box.width,
                                                 box.height, &style.lettering);

    if (!fit.whole) {
        design->record->left_out++;
        return;
    }
    style.lettering.size = style.lettering.min_size = fit.size;
    design_text(design, dimension->text, "dimension", box, &style);
}

static void draw_tick(struct design *design, double x1, double y1, double x2, double y2)
{
    const struct brand_colours *colours = &design->colours;
    enum tint ground = design->form->ground;

    shape_line(&design->canvas, (double[4]){ x1, y1, x2, y2 },
               colour_mix(tint_colour(colours, ground), tint_ink(colours, ground), 0.4),
               fmax(1, design->unit * 0.16));
}

/* Draws the line at the right of the product; in a mirrored design at its left. */
static void draw_beside(struct design *design)
{
    struct box at = design->product_at;
    double unit = design->unit, side = design->mirrored ? -1 : 1;
    double edge = design->mirrored ? at.x : at.x + at.width, x = edge + side * line_distance * unit;
    double label = x + side * label_distance * unit, margin = 4 * unit;
    double width = design->mirrored ? label - margin : design->canvas.width - margin - label;
    double overshoot = side * tick_length * unit, bottom = at.y + at.height;

    draw_tick(design, edge + side * unit, at.y, x + overshoot, at.y);
    draw_tick(design, edge + side * unit, bottom, x + overshoot, bottom);
    shape_measure(&design->canvas, (double[4]){ x, at.y, x, bottom },
                  tint_accent(&design->colours, design->form->ground, CONTRAST_LINE), unit * 0.4);
    draw_label(design, design->tall,
               (struct box){ design->mirrored ? margin : label, at.y, width, at.height },
               label_style(design, design->mirrored ? ALIGN_RIGHT : ALIGN_LEFT, VALIGN_MIDDLE));
}

static void draw_below(struct design *design)
{
    struct box at = design->product_at;
    double unit = design->unit, bottom = at.y + at.height, y = bottom + line_distance * unit;
    double label = y + label_distance * unit, right = at.x + at.width;
    double middle = at.x + at.width / 2;
    double half = fmin(middle, design->canvas.width - middle) - 4 * unit;

    draw_tick(design, at.x, bottom + unit, at.x, y + tick_length * unit);
    draw_tick(design, right, bottom + unit, right, y + tick_length * unit);
    shape_measure(&design->canvas, (double[4]){ at.x, y, right, y },
                  tint_accent(&design->colours, design->form->ground, CONTRAST_LINE), unit * 0.4);
    draw_label(design, design->wide,
               (struct box){ middle - half, label, 2 * half, 0.1 * design->canvas.height },
               label_style(design, ALIGN_CENTRE, VALIGN_TOP));
}

void measures_draw(struct design *design)
{
    if (design->tall) {
        draw_beside(design);
    }
    if (design->wide) {
        draw_below(design);
    }
}

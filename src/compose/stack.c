/* stack.c - the items of a stack, from top to bottom. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "compose/design.h"
#include "draw/font.h"
#include "draw/shape.h"

struct placed_item {
    const struct layout_item *item;
    char text[COMPOSED_TEXT_BYTES]; /* "" for items without text */
    struct type_style style;
    struct composed_list list;
    double height; /* 0: nothing is drawn */
};

struct placed_stack {
    const struct layout_stack *stack;
    struct box box; /* pixels */
    struct placed_item items[LAYOUT_ITEMS];
    double height;
};

static struct type_style text_style(const struct design *design, const struct layout_stack *stack,
                                    const struct layout_item *item)
{
    double height = design->canvas.height;
    bool headline = item->kind == ITEM_HEADLINE;
    struct type_style style = {
        .lettering = { .weight = headline ? WEIGHT_EXTRABOLD : WEIGHT_SEMIBOLD,
                       .size = item->size * height,
                       .min_size = item->min_size * height,
                       .lines = item->lines,
                       .align = design_align(design, stack->align),
                       .leading = type_leading(design, headline ? 0.92 : 1),
                       .balanced = headline,
                       .family = design->brief->brand.font_family },
        .ground = tint_colour(&design->colours, stack->ground),
    };

    style.lettering.colour = headline ? tint_ink(&design->colours, stack->ground)
                                      : tint_accent(&design->colours, stack->ground, CONTRAST_TEXT);
    return style;
}

/* Shortens the text until it fits. Returns its height; 0 if not even its first word fits. */
static double fit_text(struct design *design, struct placed_item *placed, const char *text,
                       double width, double height)
{
    struct lettering_fit fit;

    snprintf(placed->text, sizeof placed->text, "%s", text ? text : "");
    if (placed->text[0] == '\0') {
        return 0;
    }
    do {
        fit = lettering_measure(&design->canvas, placed->text, width, height,
                                &placed->style.lettering);
        if (fit.whole) {
            placed->style.lettering.size = placed->style.lettering.min_size = fit.size;
            return fit.height;
        }
        design->record->left_out++;
    } while (shorten_text(placed->text));
    placed->text[0] = '\0';
    return 0;
}

static double measure_item(struct design *design, const struct placed_stack *stack,
                           struct placed_item *placed, double height)
{
    const struct layout_item *item = placed->item;

    placed->style = text_style(design, stack->stack, item);
    switch (item->kind) {
    case ITEM_BRAND:
        return fit_text(design, placed, design->brief->brand.name, stack->box.width, height);
    case ITEM_HEADLINE:
        return fit_text(design, placed, design->brief->product_name, stack->box.width, height);
    case ITEM_RULE:
        return design->unit * 0.7;
    case ITEM_FEATURES:
        feature_list_plan(design, item, stack->box.width, height, &placed->list);
        return placed->list.count > 0 ? placed->list.height : 0;
    }
    return 0;
}

static void measure_stack(struct design *design, struct placed_stack *stack)
{
    bool first = true;

    for (int i = 0; i < stack->stack->item_count; i++) {
        struct placed_item *placed = &stack->items[i];
        double gap;

        placed->item = &stack->stack->items[i];
        gap = first ? 0 : placed->item->gap * 100 * design->unit;
        placed->height =
            measure_item(design, stack, placed, stack->box.height - stack->height - gap);
        if (placed->height > 0) {
            stack->height += gap + placed->height;
            first = false;
        }
    }
}

static void draw_rule(struct design *design, const struct placed_stack *stack, struct box box)
{
    double width = fmin(design->unit * 9, box.width);
    enum align align = design_align(design, stack->stack->align);
    double free_width = box.width - width;

    box.x += align == ALIGN_LEFT ? 0 : align == ALIGN_RIGHT ? free_width : free_width / 2;
    box.width = width;
    shape_panel(&design->canvas, box, box.height / 2,
                tint_accent(&design->colours, stack->stack->ground, CONTRAST_LINE), 1);
}

static void draw_item(struct design *design, const struct placed_stack *stack,
                      struct placed_item *placed, struct box box)
{
    switch (placed->item->kind) {
    case ITEM_BRAND:
        design_text(design, placed->text, "brand name", box, &placed->style);
        break;
    case ITEM_HEADLINE:
        design_text(design, placed->text, "product name", box, &placed->style);
        break;
    case ITEM_RULE:
        draw_rule(design, stack, box);
        break;
    case ITEM_FEATURES:
        feature_list_draw(design, placed->item, &placed->list, box, stack->stack->ground);
        break;
    }
}

void design_stack(struct design *design, const struct layout_stack *layout)
{
    static const double shares[] = { 0, 0.5, 1 };
    struct placed_stack stack = {
        .stack = layout, .box = design_box(design, layout->box, box_of_canvas(&design->canvas))
    };
    double y;
    bool first = true;

    measure_stack(design, &stack);
    y = stack.box.y + fmax(0, stack.box.height - stack.height) * shares[layout->valign];
    for (int i = 0; i < layout->item_count; i++) {
        struct placed_item *placed = &stack.items[i];

        if (placed->height > 0) {
            y += first ? 0 : placed->item->gap * 100 * design->unit;
            draw_item(design, &stack, placed,
                      (struct box){ stack.box.x, y, stack.box.width, placed->height });
            y += placed->height;
            first = false;
        }
    }
}

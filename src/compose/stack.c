/* stack.c - the items of a stack, from top to bottom. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "compose/design.h"
#include "draw/icon.h"
#include "draw/shape.h"

struct placed_item {
    const struct layout_item *item;
    char text[COMPOSED_TEXT_BYTES]; /* "" for items without text */
    const char *source;
    struct type_style style;
    struct composed_list list;
    struct composed_table table;
    struct placed_logo logo;
    bool is_logo;
    double height; /* 0: nothing is drawn */
};

struct placed_stack {
    const struct layout_stack *stack;
    struct box box; /* pixels */
    struct placed_item items[LAYOUT_ITEMS];
    double height;
};

/* Returns whether the item is the largest text of its image. */
static bool is_display(enum layout_item_kind kind)
{
    return kind == ITEM_HEADLINE || kind == ITEM_TITLE || kind == ITEM_MODULE;
}

static struct type_style text_style(const struct design *design, const struct layout_stack *stack,
                                    const struct layout_item *item)
{
    const struct brand_colours *colours = &design->colours;
    double height = design->canvas.height;
    bool display = is_display(item->kind), text = item->kind == ITEM_TEXT;
    struct type_style style = {
        .lettering = { .weight = display ? WEIGHT_EXTRABOLD
                                 : text  ? WEIGHT_REGULAR
                                         : WEIGHT_SEMIBOLD,
                       .size = item->size * height,
                       .min_size = item->min_size * height,
                       .lines = item->lines,
                       .align = design_align(design, stack->align),
                       .leading = type_leading(design, display ? 0.92
                                                       : text  ? 1.1
                                                               : 1),
                       .balanced = display,
                       .family = design->brief->brand.font_family },
        .ground = tint_colour(colours, stack->ground),
    };

    style.lettering.colour = display ? tint_ink(colours, stack->ground)
                             : text  ? tint_muted_ink(colours, stack->ground)
                                     : tint_accent(colours, stack->ground, CONTRAST_TEXT);
    return style;
}

const char *composed_headline(const struct brief *brief, const char **source)
{
    const struct module_request *module = &brief->module_request;
    const char *colon = module->description ? strstr(module->description, ": ") : NULL;

    *source = "module";
    if (colon && colon[2] && strlen(colon + 2) <= 60) {
        return colon + 2;
    }
    if (module->headline && module->headline[0]) {
        return module->headline;
    }
    *source = "product name";
    return brief->product_name;
}

/* Returns the text of an item, and where it comes from; "" for items without text. */
static const char *item_text(const struct design *design, enum layout_item_kind kind,
                             const char **source)
{
    const struct brief *brief = design->brief;
    const struct feature *subject = design->subject;

    switch (kind) {
    case ITEM_BRAND:
        *source = "brand name";
        return brief->brand.name;
    case ITEM_TITLE:
        *source = subject ? "feature title" : "product name";
        return subject ? subject->title : brief->product_name;
    case ITEM_TEXT:
        *source = subject ? "feature description" : "category";
        return subject ? subject->description : brief->category;
    case ITEM_MODULE:
        return composed_headline(brief, source);
    case ITEM_HEADLINE:
        *source = "product name";
        return brief->product_name;
    default:
        *source = "";
        return "";
    }
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

/* Returns the height of the logo; 0 if the image has none. */
static double measure_logo(const struct design *design, const struct placed_stack *stack,
                           struct placed_item *placed, double height)
{
    placed->is_logo =
        design->logo.image.pixels &&
        logo_plan(design, placed->item, tint_colour(&design->colours, stack->stack->ground),
                  stack->box.width, height, &placed->logo);
    return placed->is_logo ? placed->logo.height : 0;
}

static double measure_item(struct design *design, const struct placed_stack *stack,
                           struct placed_item *placed, double height)
{
    const struct layout_item *item = placed->item;
    double width = stack->box.width;

    placed->style = text_style(design, stack->stack, item);
    if (item->kind == ITEM_LOGO || (item->kind == ITEM_BRAND && design->logo.image.pixels)) {
        return measure_logo(design, stack, placed, height);
    }
    switch (item->kind) {
    case ITEM_RULE:
        return design->unit * 0.7;
    case ITEM_ICON:
        return item->size * design->canvas.height;
    case ITEM_FEATURES:
    case ITEM_MEASURES:
        feature_list_plan(design, item, width, height, &placed->list);
        return placed->list.count > 0 ? placed->list.height : 0;
    case ITEM_TABLE:
        feature_table_plan(design, item, width, height, &placed->table);
        return placed->table.count > 0 ? placed->table.height : 0;
    default:
        return fit_text(design, placed, item_text(design, item->kind, &placed->source), width,
                        height);
    }
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

/* Returns a box of this width at the side of `box` that the stack is aligned to. */
static struct box aligned(const struct design *design, const struct placed_stack *stack,
                          struct box box, double width)
{
    static const double shares[] = { 0, 0.5, 1 };

    box.x += (box.width - width) * shares[design_align(design, stack->stack->align)];
    box.width = width;
    return box;
}

static void draw_rule(struct design *design, const struct placed_stack *stack, struct box box)
{
    box = aligned(design, stack, box, fmin(design->unit * 9, box.width));
    shape_panel(&design->canvas, box, box.height / 2,
                tint_accent(&design->colours, stack->stack->ground, CONTRAST_LINE), 1);
}

static void draw_icon(struct design *design, const struct placed_stack *stack, struct box box)
{
    const struct feature *subject = design->subject;
    const struct icon *icon =
        subject ? icon_find(subject->icon, subject->title, subject->description)
                : icon_find("", design->brief->product_name, design->brief->category);
    struct icon_colours colours = icon_colours_on(design, stack->stack->ground);

    icon_badge(&design->canvas, icon, aligned(design, stack, box, box.height), colours.disc,
               colours.line);
}

static bool draw_item(struct design *design, const struct placed_stack *stack,
                      struct placed_item *placed, struct box box, struct error *err)
{
    enum tint ground = stack->stack->ground;

    if (placed->is_logo) {
        return logo_draw(design, &placed->logo, aligned(design, stack, box, placed->logo.width),
                         err);
    }
    switch (placed->item->kind) {
    case ITEM_RULE:
        draw_rule(design, stack, box);
        break;
    case ITEM_ICON:
        draw_icon(design, stack, box);
        break;
    case ITEM_FEATURES:
    case ITEM_MEASURES:
        feature_list_draw(design, placed->item, &placed->list, box, ground);
        break;
    case ITEM_TABLE:
        feature_table_draw(design, placed->item, &placed->table, box, ground);
        break;
    default:
        design_text(design, placed->text, placed->source, box, &placed->style);
    }
    return true;
}

bool design_stack(struct design *design, const struct layout_stack *layout, struct error *err)
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
            if (!draw_item(design, &stack, placed,
                           (struct box){ stack.box.x, y, stack.box.width, placed->height }, err)) {
                return false;
            }
            y += placed->height;
            first = false;
        }
    }
    return true;
}

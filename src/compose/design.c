/* design.c - places boxes, and draws and records text. */
#include "compose/design.h"

#include <stdio.h>

struct box design_box(const struct design *design, struct box fractions, struct box within)
{
    double x = design->mirrored ? 1 - fractions.x - fractions.width : fractions.x;

    return (struct box){ within.x + x * within.width, within.y + fractions.y * within.height,
                         fractions.width * within.width, fractions.height * within.height };
}

enum align design_align(const struct design *design, enum align align)
{
    return design->mirrored ? (enum align)(ALIGN_RIGHT - align) : align;
}

struct icon_colours icon_colours_on(const struct design *design, enum tint ground)
{
    const struct brand_colours *colours = &design->colours;
    bool dark = ground == TINT_PRIMARY || ground == TINT_SHADE;
    struct icon_colours out;

    out.disc = colour_mix(tint_colour(colours, ground),
                          dark ? tint_ink(colours, ground) : colours->primary, 0.12);
    out.line =
        colour_readable(dark ? colours->accent : colours->primary, out.disc, CONTRAST_LINE + 0.5);
    return out;
}

double type_leading(const struct design *design, double factor)
{
    return design->mirrored ? factor * 0.82 : factor;
}

struct box design_text(struct design *design, const char *text, const char *source, struct box box,
                       const struct type_style *style)
{
    struct composition *record = design->record;
    struct box at = lettering_draw(&design->canvas, text, box, &style->lettering);

    if (record->text_count < COMPOSED_TEXTS) {
        struct composed_text *row = &record->texts[record->text_count++];

        *row = (struct composed_text){
            .source = source,
            .box = at,
            .size = style->lettering.size / design->canvas.height,
            .contrast = colour_contrast(style->lettering.colour, style->ground),
            .space = box,
            .lettering = style->lettering,
        };
        snprintf(row->text, sizeof row->text, "%s", text);
    }
    return at;
}

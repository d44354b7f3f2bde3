/* plot_png.c - draws a plot as PNG with cairo, at twice its size. */
#include <math.h>

#include "bench/charts/plot.h"
#include "draw/lettering.h"
#include "draw/shape.h"

enum { DENSITY = 2, EDGE = 16, HEAD = 40 };
static const double pen = 2.2, hair = 1, ring = 1.5, area_alpha = 0.16, dot_alpha = 0.75;
#define ASCENT                                                                                     \
    0.97 /* of Inter: from the top of a line to its baseline, in units of the font size */

static void path(struct canvas *canvas, const struct plot *plot, const struct mark *mark)
{
    cairo_new_path(canvas->cr);
    for (size_t i = 0; i < mark->count; i++) {
        const struct point *point = &plot->points[mark->first + i];

        cairo_line_to(canvas->cr, point->x, point->y);
    }
}

static void draw_curve(struct canvas *canvas, const struct plot *plot, const struct mark *mark)
{
    static const double dashes[] = { 7, 5 };

    path(canvas, plot, mark);
    cairo_set_line_width(canvas->cr, mark->thin ? hair : pen);
    cairo_set_line_join(canvas->cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_dash(canvas->cr, dashes, mark->dashed ? 2 : 0, 0);
    cairo_stroke(canvas->cr);
    cairo_set_dash(canvas->cr, NULL, 0, 0);
}

static void draw_label(struct canvas *canvas, const struct mark *mark, struct colour colour)
{
    static const enum align aligns[] = { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };
    double width = plot_text_width(mark->text) * 1.3 + PLOT_TEXT; /* enough for any font */
    double left = mark->anchor == ANCHOR_START    ? 0
                  : mark->anchor == ANCHOR_MIDDLE ? width / 2
                                                  : width;
    struct box box = { mark->at.x - left, mark->at.y - PLOT_TEXT * ASCENT, width, PLOT_TEXT * 2 };

    lettering_draw(canvas, mark->text, box,
                   &(struct lettering){ .weight = WEIGHT_REGULAR,
                                        .size = PLOT_TEXT,
                                        .lines = 1,
                                        .colour = colour,
                                        .align = aligns[mark->anchor] });
}

static void draw_mark(struct canvas *canvas, const struct plot *plot, const struct mark *mark,
                      bool dark)
{
    struct colour colour = colour_hex(ink_colour(mark->ink, dark));
    struct box box = { mark->at.x, mark->at.y, mark->far.x - mark->at.x, mark->far.y - mark->at.y };

    canvas_colour(canvas, colour, mark->kind == MARK_AREA ? area_alpha : 1);
    switch (mark->kind) {
    case MARK_CURVE:
        draw_curve(canvas, plot, mark);
        break;
    case MARK_AREA:
        path(canvas, plot, mark);
        cairo_close_path(canvas->cr);
        cairo_fill(canvas->cr);
        break;
    case MARK_BAR:
        shape_panel(canvas, box, 0, colour, 1);
        break;
    case MARK_DOT:
        shape_disc(canvas, mark->at.x, mark->at.y, mark->radius, colour, dot_alpha);
        break;
    case MARK_RING:
        box = (struct box){ mark->at.x - mark->radius, mark->at.y - mark->radius, mark->radius * 2,
                            mark->radius * 2 };
        cairo_new_path(canvas->cr);
        shape_outline(canvas, box, mark->radius, colour, ring);
        break;
    case MARK_LABEL:
        draw_label(canvas, mark, colour);
        break;
    }
}

static void draw_head(struct canvas *canvas, const struct plot *plot, bool dark)
{
    struct box box = { EDGE, EDGE * 0.75, plot->width, HEAD };

    lettering_draw(canvas, plot->title, box,
                   &(struct lettering){ .weight = WEIGHT_SEMIBOLD,
                                        .size = 17,
                                        .min_size = 11,
                                        .lines = 1,
                                        .colour = colour_hex(ink_colour(INK_STRONG, dark)) });
}

bool plot_png(const struct plot *plot, bool dark, struct blob *out, struct error *err)
{
    struct image image = { 0 };
    struct canvas canvas;
    bool good;

    *out = (struct blob){ 0 };
    if (!canvas_new((plot->width + 2 * EDGE) * DENSITY, (plot->height + HEAD + EDGE) * DENSITY,
                    &canvas, err)) {
        return false;
    }
    canvas_fill(&canvas, colour_hex(ink_colour(INK_CARD, dark)));
    cairo_scale(canvas.cr, DENSITY, DENSITY);
    draw_head(&canvas, plot, dark);
    cairo_translate(canvas.cr, EDGE, HEAD);
    for (size_t i = 0; i < plot->count; i++) {
        draw_mark(&canvas, plot, &plot->marks[i], dark);
    }
    good = canvas_image(&canvas, 3, &image, err) && image_encode_png(&image, false, out, err);
    image_free(&image);
    canvas_free(&canvas);
    return good;
}

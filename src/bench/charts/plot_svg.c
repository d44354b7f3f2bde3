/* plot_svg.c - writes a plot as SVG; its colours are CSS classes. */
#include "bench/charts/plot.h"

static void add_points(const struct plot *plot, const struct mark *mark, struct text *out)
{
    text_add(out, "points=\"");
    for (size_t i = 0; i < mark->count; i++) {
        const struct point *point = &plot->points[mark->first + i];

        text_printf(out, "%s%.1f,%.1f", i ? " " : "", point->x, point->y);
    }
    text_add(out, "\"/>\n");
}

/* Closes the element, with a tooltip if there is a text. */
static void close_with(const char *text, const char *name, struct text *out)
{
    if (!text) {
        text_add(out, "/>\n");
        return;
    }
    text_add(out, "><title>");
    text_add_html(out, text);
    text_printf(out, "</title></%s>\n", name);
}

static void add_mark(const struct plot *plot, const struct mark *mark, struct text *out)
{
    static const char *const anchors[] = { "", " text-anchor=\"middle\"", " text-anchor=\"end\"" };
    const char *ink = ink_name(mark->ink);

    switch (mark->kind) {
    case MARK_CURVE:
        text_printf(out, "<polyline class=\"%s l-%s%s\" ", mark->thin ? "hair" : "pen", ink,
                    mark->dashed ? " dash" : "");
        add_points(plot, mark, out);
        break;
    case MARK_AREA:
        text_printf(out, "<polygon class=\"area f-%s\" ", ink);
        add_points(plot, mark, out);
        break;
    case MARK_BAR:
        text_printf(out,
                    "<rect class=\"f-%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"",
                    ink, mark->at.x, mark->at.y, mark->far.x - mark->at.x,
                    mark->far.y - mark->at.y);
        close_with(mark->text, "rect", out);
        break;
    case MARK_DOT:
    case MARK_RING:
        text_printf(out, "<circle class=\"%s%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"",
                    mark->kind == MARK_DOT ? "dot f-" : "ring l-", ink, mark->at.x, mark->at.y,
                    mark->radius);
        close_with(mark->text, "circle", out);
        break;
    case MARK_LABEL:
        text_printf(out, "<text class=\"f-%s\" x=\"%.1f\" y=\"%.1f\"%s>", ink, mark->at.x,
                    mark->at.y, anchors[mark->anchor]);
        text_add_html(out, mark->text);
        text_add(out, "</text>\n");
        break;
    }
}

void plot_svg(const struct plot *plot, const char *class, struct text *out)
{
    text_printf(out, "<svg class=\"%s\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", class,
                plot->width, plot->height);
    text_add_html(out, plot->title);
    text_add(out, "\">\n");
    for (size_t i = 0; i < plot->count; i++) {
        add_mark(plot, &plot->marks[i], out);
    }
    text_add(out, "</svg>\n");
}

static void add_values(bool dark, struct text *out)
{
    for (int i = 0; i < INKS; i++) {
        text_printf(out, " --%s: #%06x;", ink_name((enum ink)i), ink_colour((enum ink)i, dark));
    }
}

void plot_inks(struct text *out)
{
    text_add(out, ":root {");
    add_values(false, out);
    text_add(out, " }\n@media (prefers-color-scheme: dark) { :root {");
    add_values(true, out);
    text_add(out, " } }\n");
    for (int i = 0; i < INKS; i++) {
        const char *name = ink_name((enum ink)i);

        text_printf(out,
                    ".f-%s { fill: var(--%s) } .l-%s { stroke: var(--%s) } "
                    ".k-%s { background: var(--%s) }\n",
                    name, name, name, name, name, name);
    }
}

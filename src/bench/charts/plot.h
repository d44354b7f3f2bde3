/* plot.h - a plot of lines, areas, dots and labels that is described once and written as SVG for
 * the page and as PNG.
 *
 * Coordinates are pixels from the top left corner. Colours are named inks with a light and a dark
 * value. Marks are only recorded; the writers draw them. */
#ifndef BENCH_CHARTS_PLOT_H
#define BENCH_CHARTS_PLOT_H
#include "base/arena.h"
#include "base/blob.h"
#include "base/error.h"
#include "base/text.h"

enum { PLOT_SERIES = 7, PLOT_STAGES = 12, PLOT_TEXT = 13 /* pixels: the size of a label */ };

enum ink {
    INK_CARD, /* background */
    INK_STRONG,
    INK_DIM,
    INK_GRID,
    INK_BAD,
    INK_SERIES,                           /* + 0..6: targets */
    INK_STAGE = INK_SERIES + PLOT_SERIES, /* + 0..11: phases in order */
    INKS = INK_STAGE + PLOT_STAGES
};

enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };
enum mark_kind { MARK_CURVE, MARK_AREA, MARK_BAR, MARK_DOT, MARK_RING, MARK_LABEL };

struct point { /* pixels */
    double x, y;
};

struct mark {
    enum mark_kind kind;
    enum ink ink;
    bool dashed;          /* curves */
    bool thin;            /* curves: a thin line */
    enum anchor anchor;   /* labels */
    struct point at, far; /* bars: two corners; dots, rings and labels: `at` alone */
    double radius;
    size_t first, count; /* of the plot's spots: curves and areas */
    const char *text;    /* of a label; the tooltip of bars, dots and rings; NULL for none */
};

struct plot {
    int width, height;
    const char *title; /* also the accessible name */
    struct arena *arena;
    struct mark *marks;
    size_t count, capacity;
    struct point *points;
    size_t point_count, point_room;
};

struct plot *plot_new(int width, int height, const char *title);
void plot_free(struct plot *plot); /* NULL is allowed */

void plot_thin_line(struct plot *plot, struct point from, struct point to, enum ink ink);
void plot_curve(struct plot *plot, const struct point *points, size_t count, enum ink ink,
                bool dashed);
/* A semi-transparent polygon. */
void plot_area(struct plot *plot, const struct point *points, size_t count, enum ink ink);
void plot_bar(struct plot *plot, struct point from, struct point to, enum ink ink,
              const char *text);
void plot_dot(struct plot *plot, struct point at, double radius, enum ink ink, const char *text);
void plot_ring(struct plot *plot, struct point at, double radius, enum ink ink, const char *text);
/* `at` is the anchor point on the baseline; the text is copied. */
void plot_label(struct plot *plot, struct point at, enum anchor anchor, enum ink ink,
                const char *text);

/* Returns the approximate width of a label in pixels. */
double plot_text_width(const char *text);
/* Copies as much of the text as fits into this width, with an ellipsis if it was cut. */
const char *plot_fit(struct plot *plot, const char *text, double width);

const char *ink_name(enum ink ink);           /* "card", "s0": its name in the CSS */
unsigned ink_colour(enum ink ink, bool dark); /* 0xrrggbb */

/* Writers. The SVG element has this CSS class; its colours come from plot_inks. */
void plot_svg(const struct plot *plot, const char *class, struct text *out);
void plot_inks(struct text *out); /* CSS variables and classes of all inks */
/* Writes a PNG at twice the size, with the title on top. */
bool plot_png(const struct plot *plot, bool dark, struct blob *out, struct error *err) MUST_CHECK;
#endif

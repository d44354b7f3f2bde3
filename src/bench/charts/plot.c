/* plot.c - the marks of a plot and their colours. */
#include "bench/charts/plot.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Contrast against the background: at least 4.5:1 for text, 3:1 for shapes. */
static const struct {
    const char *name;
    unsigned light, dark;
} inks[INKS] = {
    { "card", 0xffffff, 0x182120 }, { "ink", 0x14201f, 0xe8efed }, { "dim", 0x5a6967, 0x98a8a5 },
    { "grid", 0xe2e8e6, 0x2a3633 }, { "bad", 0xb3261e, 0xff8a80 }, { "s0", 0x1c6a72, 0x62c3cd },
    { "s1", 0xc2571a, 0xf0995f },   { "s2", 0x6a4fb3, 0xb39df0 },  { "s3", 0x94710a, 0xd9b650 },
    { "s4", 0xa83266, 0xec86b0 },   { "s5", 0x3d7a2a, 0x8fce78 },  { "s6", 0x6b7977, 0x9aa8a5 },
    { "p0", 0xc0392b, 0xff8a80 }, /* queue: caused by this client */
    { "p1", 0x12436b, 0x4d86b8 },   { "p2", 0x2f72a8, 0x74acdb },  { "p3", 0x5a97c6, 0xa6cdec },
    { "p4", 0x8a5fb0, 0xc39be6 },   { "p5", 0x7d8b89, 0x66757a }, /* wait: usually the longest */
    { "p6", 0xb28a1a, 0xe0bd57 },   { "p7", 0x3d8f5f, 0x6fca95 },  { "p8", 0xd07a2c, 0xf0a765 },
    { "p9", 0x9c4a12, 0xcf7f45 },   { "p10", 0x5b7d16, 0xa3c554 }, { "p11", 0x3a3f44, 0xc9d1d3 },
};

const char *ink_name(enum ink ink)
{
    return inks[ink].name;
}

unsigned ink_colour(enum ink ink, bool dark)
{
    return dark ? inks[ink].dark : inks[ink].light;
}

struct plot *plot_new(int width, int height, const char *title)
{
    struct plot *plot = xcalloc(1, sizeof *plot);

    plot->width = width;
    plot->height = height;
    plot->arena = arena_new();
    plot->title = arena_text(plot->arena, title);
    return plot;
}

void plot_free(struct plot *plot)
{
    if (plot) {
        arena_free(plot->arena);
        free(plot->marks);
        free(plot->points);
        free(plot);
    }
}

/* Grows an array; aborts the process if there is no memory. */
static void *grown(void *rows, size_t *capacity, size_t want, size_t size)
{
    if (want > *capacity) {
        *capacity = want > *capacity * 2 ? want + 64 : *capacity * 2;
        rows = xrealloc(rows, *capacity * size);
    }
    return rows;
}

static struct mark *add(struct plot *plot, enum mark_kind kind, enum ink ink, const char *text)
{
    struct mark *mark;

    plot->marks = grown(plot->marks, &plot->capacity, plot->count + 1, sizeof *plot->marks);
    mark = &plot->marks[plot->count++];
    *mark = (struct mark){ .kind = kind, .ink = ink, .text = arena_text(plot->arena, text) };
    return mark;
}

static struct mark *add_points_mark(struct plot *plot, enum mark_kind kind, enum ink ink,
                                    const struct point *points, size_t count)
{
    struct mark *mark = add(plot, kind, ink, NULL);

    plot->points =
        grown(plot->points, &plot->point_room, plot->point_count + count, sizeof *plot->points);
    memcpy(plot->points + plot->point_count, points, count * sizeof *points);
    mark->first = plot->point_count;
    mark->count = count;
    plot->point_count += count;
    return mark;
}

void plot_thin_line(struct plot *plot, struct point from, struct point to, enum ink ink)
{
    const struct point ends[] = { from, to };

    add_points_mark(plot, MARK_CURVE, ink, ends, 2)->thin = true;
}

void plot_curve(struct plot *plot, const struct point *points, size_t count, enum ink ink,
                bool dashed)
{
    if (count > 0) {
        add_points_mark(plot, MARK_CURVE, ink, points, count)->dashed = dashed;
    }
}

void plot_area(struct plot *plot, const struct point *points, size_t count, enum ink ink)
{
    if (count > 2) {
        add_points_mark(plot, MARK_AREA, ink, points, count);
    }
}

void plot_bar(struct plot *plot, struct point from, struct point to, enum ink ink, const char *text)
{
    struct mark *mark = add(plot, MARK_BAR, ink, text);

    mark->at = from;
    mark->far = to;
}

void plot_dot(struct plot *plot, struct point at, double radius, enum ink ink, const char *text)
{
    struct mark *mark = add(plot, MARK_DOT, ink, text);

    mark->at = at;
    mark->radius = radius;
}

void plot_ring(struct plot *plot, struct point at, double radius, enum ink ink, const char *text)
{
    struct mark *mark = add(plot, MARK_RING, ink, text);

    mark->at = at;
    mark->radius = radius;
}

void plot_label(struct plot *plot, struct point at, enum anchor anchor, enum ink ink,
                const char *text)
{
    struct mark *mark = add(plot, MARK_LABEL, ink, text);

    mark->at = at;
    mark->anchor = anchor;
}

/* Returns the number of bytes of the character at this position; 1 if it is invalid. */
static size_t char_size(const char *at)
{
    size_t size = 1;

    while ((at[size] & 0xc0) == 0x80) {
        size++;
    }
    return size;
}

static double char_width(const char *at) /* in units of the font size, rounded up */
{
    unsigned char c = (unsigned char)*at;

    if (c >= 0xe1) { /* from U+1000 on characters may be as wide as high */
        return 1.02;
    }
    return strchr("iljtf.,:;|!'()[] ", c) ? 0.34 : strchr("mwMW@%", c) ? 0.92 : 0.6;
}

double plot_text_width(const char *text)
{
    double sum = 0;

    for (; *text; text += char_size(text)) {
        sum += char_width(text);
    }
    return sum * PLOT_TEXT;
}

const char *plot_fit(struct plot *plot, const char *text, double width)
{
    double capacity = width - PLOT_TEXT, used_width = 0; /* for the ellipsis */
    const char *at = text;

    if (plot_text_width(text) <= width) {
        return arena_text(plot->arena, text);
    }
    for (; *at && used_width + char_width(at) * PLOT_TEXT <= capacity; at += char_size(at)) {
        used_width += char_width(at) * PLOT_TEXT;
    }
    return arena_printf(plot->arena, "%.*s\xe2\x80\xa6", (int)(at - text), text);
}

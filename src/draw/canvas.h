/* canvas.h - a picture under way: cairo's surface, and fonts to write on it.
 *
 * A canvas belongs to one thread; many may be drawn on at once. Cairo keeps the first thing that
 * goes wrong to itself; canvas_image says it. */
#ifndef DRAW_CANVAS_H
#define DRAW_CANVAS_H
#include <cairo.h>
#include <pango/pango.h>

#include "draw/colour.h"
#include "image/image.h"

struct box { /* pixels from the left top corner */
    double x, y, width, height;
};

struct canvas {
    int width, height;
    cairo_t *cr;
    cairo_surface_t *surface;
    PangoContext *text;
};

/* Transparent; at most 40 megapixels (ERROR_INPUT). */
bool canvas_new(int width, int height, struct canvas *out, struct error *err) MUST_CHECK;
void canvas_free(struct canvas *canvas); /* a zeroed one is harmless */

/* What was drawn: 3 channels (on white) or 4 (straight alpha). */
bool canvas_image(const struct canvas *canvas, int channels, struct image *out,
                  struct error *err) MUST_CHECK;

/* A cairo surface with a copy of the picture; freed with cairo_surface_destroy. */
bool surface_of(const struct image *image, cairo_surface_t **out, struct error *err) MUST_CHECK;

void canvas_colour(struct canvas *canvas, struct colour colour, double alpha); /* to draw with */
void canvas_fill(struct canvas *canvas, struct colour colour);                 /* all of it */
struct box box_of(const struct canvas *canvas);
struct box box_inset(struct box box, double by);
#endif

/* canvas.h - a drawing in progress: cairo's surface, and fonts for text on it.
 *
 * A canvas belongs to one thread; several threads may each draw on their own. Cairo remembers
 * its first error; canvas_image reports it. */
#ifndef DRAW_CANVAS_H
#define DRAW_CANVAS_H
#include <cairo.h>
#include <pango/pango.h>

#include "draw/colour.h"
#include "image/image.h"

struct box { /* in pixels from the top left corner */
    double x, y, width, height;
};

struct canvas {
    int width, height;
    cairo_t *cr;
    cairo_surface_t *surface;
    PangoContext *text;
};

/* Starts transparent; at most 40 megapixels (ERROR_INPUT). */
bool canvas_new(int width, int height, struct canvas *out, struct error *err) MUST_CHECK;
void canvas_free(struct canvas *canvas); /* a zeroed canvas is allowed */

/* Returns the drawing with 3 channels (on white) or 4 (straight alpha). */
bool canvas_image(const struct canvas *canvas, int channels, struct image *out,
                  struct error *err) MUST_CHECK;

/* Returns the alpha of each pixel, to be freed. Fails like canvas_image. */
bool canvas_alpha(const struct canvas *canvas, uint8_t **out, struct error *err) MUST_CHECK;

/* Returns a cairo surface with a copy of the image; freed with cairo_surface_destroy. */
bool surface_from_image(const struct image *image, cairo_surface_t **out,
                        struct error *err) MUST_CHECK;

void canvas_colour(struct canvas *canvas, struct colour colour,
                   double alpha);                              /* colour of what is drawn next */
void canvas_fill(struct canvas *canvas, struct colour colour); /* fills the complete canvas */
struct box box_of_canvas(const struct canvas *canvas);
struct box box_inset(struct box box, double by);
#endif

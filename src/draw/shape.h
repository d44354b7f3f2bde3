/* shape.h - panels, soft shadows, gradients, arrows. */
#ifndef DRAW_SHAPE_H
#define DRAW_SHAPE_H
#include "draw/canvas.h"

void shape_round(struct canvas *canvas, struct box box,
                 double radius); /* adds a path without drawing it */
void shape_panel(struct canvas *canvas, struct box box, double radius, struct colour colour,
                 double alpha);
void shape_outline(struct canvas *canvas, struct box box, double radius, struct colour colour,
                   double line);
void shape_disc(struct canvas *canvas, double x, double y, double radius, struct colour colour,
                double alpha);
void shape_line(struct canvas *canvas, const double ends[4], struct colour colour, double line);

/* Draws a line with arrow heads at both ends, from (ends[0], ends[1]) to (ends[2], ends[3]). */
void shape_measure(struct canvas *canvas, const double ends[4], struct colour colour, double line);

/* Fills the box with a gradient from the first colour (top) to the second (bottom). */
void shape_fade(struct canvas *canvas, struct box box, struct colour top, struct colour bottom);
/* Draws light that falls off from the centre, where its alpha is `strength`. */
void shape_glow(struct canvas *canvas, double x, double y, double radius, struct colour colour,
                double strength);

/* A blurred shape in one colour, for shadows and out-of-focus objects. `shape` draws it opaque
 * on a canvas of the same size. */
struct soft_shape {
    void (*shape)(struct canvas *canvas, const void *context);
    const void *context;
    double blur; /* pixels */
    struct colour colour;
    double alpha;
};
void shape_soft(struct canvas *canvas, const struct soft_shape *soft);

/* Draws the soft shadow of a rounded panel above the surface. */
void shape_shadow(struct canvas *canvas, struct box box, double radius, double blur, double alpha);

/* Adds fine grain, always the same, so that flat areas look photographed. */
void shape_grain(struct canvas *canvas, double strength);
#endif

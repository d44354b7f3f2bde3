/* shape.h - panels, soft shadows, gradients, arrows. */
#ifndef DRAW_SHAPE_H
#define DRAW_SHAPE_H
#include "draw/canvas.h"

void shape_round(struct canvas *canvas, struct box box, double radius); /* a path, not drawn */
void shape_panel(struct canvas *canvas, struct box box, double radius, struct colour colour,
                 double alpha);
void shape_outline(struct canvas *canvas, struct box box, double radius, struct colour colour,
                   double line);
void shape_disc(struct canvas *canvas, double x, double y, double radius, struct colour colour,
                double alpha);
void shape_line(struct canvas *canvas, const double ends[4], struct colour colour, double line);

/* A line with an arrow head at both ends, from (ends[0], ends[1]) to (ends[2], ends[3]). */
void shape_measure(struct canvas *canvas, const double ends[4], struct colour colour, double line);

/* Fills the box from the first colour (top) to the second (bottom). */
void shape_fade(struct canvas *canvas, struct box box, struct colour top, struct colour bottom);
/* Light that falls off from its middle; alpha 1 in the middle is `strength`. */
void shape_glow(struct canvas *canvas, double x, double y, double radius, struct colour colour,
                double strength);

/* Draws in one colour what `shape` draws, blurred: shadows, things out of focus, light through
 * leaves. `shape` draws opaque on a canvas of the same size. */
struct soft {
    void (*shape)(struct canvas *canvas, const void *context);
    const void *context;
    double blur; /* pixels */
    struct colour colour;
    double alpha;
};
void shape_soft(struct canvas *canvas, const struct soft *soft);

/* The soft shadow of a rounded panel that hovers. */
void shape_shadow(struct canvas *canvas, struct box box, double radius, double blur, double alpha);

/* Fine grain over all, always the same: flat light looks drawn, grain looks seen. */
void shape_grain(struct canvas *canvas, double strength);
#endif

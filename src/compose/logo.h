/* logo.h - the brand's logo on a composed image: never on the product or on text, with clear space
 * around it, and legible. */
#ifndef COMPOSE_LOGO_H
#define COMPOSE_LOGO_H
#include "compose/layout.h"
#include "image/image.h"

struct design;

struct logo {           /* image.pixels is NULL without a logo */
    struct image image; /* 4 channels, trimmed */
    bool opaque;        /* it has its own background */
    bool plain;         /* of one colour at its edge: `edge` */
    struct colour edge;
};

struct placed_logo {
    double logo_width, logo_height; /* pixels of the logo itself */
    double pad;                     /* of the panel; 0 without one */
    double width, height;           /* with the panel; the height also with the clear space */
    bool panelled;
    struct colour panel, ground; /* ground: the colour behind the logo */
};

/* Takes a copy of the decoded logo. Fails if it shows nothing. */
bool logo_open(struct design *design, const struct image *image, struct error *err) MUST_CHECK;
void logo_close(struct design *design);

/* Chooses size and panel for an item of a stack with this ground, width and remaining height.
 * Returns false if there is no space. */
bool logo_plan(const struct design *design, const struct layout_item *item, struct colour ground,
               double width, double height, struct placed_logo *out);
/* Draws it at the top left corner of `at`, and records its place. */
bool logo_draw(struct design *design, const struct placed_logo *placed, struct box at,
               struct error *err) MUST_CHECK;
#endif

/* brand_colours.h - the colours of a composed image: of the brand kit, or of the product. */
#ifndef COMPOSE_BRAND_COLOURS_H
#define COMPOSE_BRAND_COLOURS_H
#include "compose/layout.h"
#include "model/brief.h"

/* WCAG 2 contrast of type with its background. */
#define CONTRAST_TEXT 4.5
#define CONTRAST_INK 7.0
/* Of icons and lines. */
#define CONTRAST_LINE 3.0

struct brand_colours {
    struct colour primary; /* dark enough for white type, or light enough for black type */
    struct colour accent;
    struct colour ground; /* a light shade */
    struct colour deep;   /* between ground and primary */
};

/* Colours that the brand lacks come from the product's most saturated colour. */
struct brand_colours brand_colours_of(const struct brand_kit *brand, struct colour product);

struct colour tint_colour(const struct brand_colours *colours, enum tint tint);
/* Return colours for what is drawn on that tint: type, type of less weight, and the accent with
 * this contrast. */
struct colour tint_ink(const struct brand_colours *colours, enum tint tint);
struct colour tint_muted_ink(const struct brand_colours *colours, enum tint tint);
struct colour tint_accent(const struct brand_colours *colours, enum tint tint, double contrast);
#endif

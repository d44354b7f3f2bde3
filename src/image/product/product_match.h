/* product_match.h - whether two views show the same product, and how they differ. */
#ifndef IMAGE_PRODUCT_PRODUCT_MATCH_H
#define IMAGE_PRODUCT_PRODUCT_MATCH_H
#include "image/product/product_view.h"

enum product_turn { /* what would have to be done to one view to make it like the other */
                    TURN_NONE,
                    TURN_MIRROR,
                    TURN_HALF,
                    TURN_LEFT,
                    TURN_RIGHT,
                    TURN_FLIP, /* mirrored top to bottom */
                    TURNS
};

struct product_match {
    double aspect;          /* larger aspect ratio by the smaller one: 1 = equal */
    double overlap;         /* of the outlines: intersection over union */
    double detail;          /* correlation of details, -1 to 1; 1 if there are none */
    double colour;          /* mean distance in Lab; lightness counts half */
    double lightness;       /* mean difference of L, made minus photo */
    double chroma;          /* mean chroma, made by photo; 1 if the photo's product is grey */
    double differing;       /* largest connected part with another colour, of the product */
    double recoloured;      /* largest connected part whose strong colour is clearly another one */
    double tinted;          /* the same, slightly: another hue */
    double absent;          /* largest connected part that only one view has, of the product */
    double strange;         /* share of the product apart from its largest part that has another
                               colour than the photo there */
    enum product_turn turn; /* TURN_NONE, or the turn that fits clearly better */
    double tilt;            /* degrees by which the photo's product was turned for it */
};

/* Returns the view as it looks after the turn. */
void product_view_turn(const struct product_view *view, enum product_turn turn,
                       struct product_view *out);
/* Returns false if the product is plain: it looks the same everywhere. */
bool product_has_details(const struct product_view *view);
/* Returns the correlation of the details, -1 to 1. */
double product_detail(const struct product_view *photo, const struct product_view *made);

void product_match(const struct product_view *photo, const struct product_view *made,
                   struct product_match *out);
#endif

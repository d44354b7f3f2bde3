/* composition.h - typesets an image: text, icons and lines on a picture of the product.
 *
 * All text comes from the seller's project: names, features, dimensions. What does not fit at the
 * smallest readable size is shortened at the end of a phrase or left out, never cut. */
#ifndef COMPOSE_COMPOSITION_H
#define COMPOSE_COMPOSITION_H
#include "compose/layout.h"
#include "draw/lettering.h"
#include "model/brief.h"

enum { COMPOSED_TEXTS = 32, COMPOSED_TEXT_BYTES = 400 };

/* A value of error.cause: the seller must say what the dimensions measure. */
enum { COMPOSE_UNCLEAR_DIMENSIONS = -3 };

struct composed_text {
    char text[COMPOSED_TEXT_BYTES]; /* as drawn, without line breaks */
    const char *source;             /* where it comes from: "product name", "feature title" */
    struct box box;                 /* in pixels of the image */
    double size;                    /* of the type, as a fraction of the image's height */
    double contrast;                /* with its background, WCAG 2 */
    struct box space;               /* in which it was placed, in pixels */
    struct lettering lettering;     /* how; sizes in pixels */
};

struct composition { /* what was drawn */
    const char *layout;
    struct composed_text texts[COMPOSED_TEXTS];
    int text_count;
    struct box logo;     /* with its panel; a width of 0: none is drawn */
    double logo_legible; /* share of the logo's pixels that stand out from what is behind them */
    struct box product;  /* a cut-out: its position. A scene: the picture */
    int left_out;        /* features and descriptions that did not fit */
    bool font_missing;   /* the brand's font family is not installed: the built-in one is used */
    double enlarged;     /* factor by which a small scene was enlarged; 0: it was not */
    bool compares;       /* a table has a column for other products */
};

struct composition_request {
    const struct image_layout *layout;
    const struct brief *brief;
    const struct image *logo; /* of the brand; NULL: its name is typeset instead */
    struct size size;         /* of the image */
    double max_enlarge;       /* of a scene that is too small; at most 1: it is rejected */
};

/* Draws the image on the plate: a scene of any size, or a product with transparent surroundings (4
 * channels). Takes tens of milliseconds: call it on the pool. `out` has 3 channels. Fails with
 * ERROR_OUTPUT if the plate shows no product, and with ERROR_INPUT if dimensions are unclear. */
bool compose_image(const struct composition_request *request, const struct image *plate,
                   struct composition *record, struct image *out, struct error *err) MUST_CHECK;

/* Returns what the image of an A+ module shows: the text behind the colon of its description if
 * that is short, else the headline of the module, else the product's name. *source names it. */
const char *composed_headline(const struct brief *brief, const char **source);

/* Returns the smallest type size as a fraction of the image's height; 0 if there is no text. */
double composition_smallest(const struct composition *composition);
/* Returns the lowest contrast of text with its background; 21 if there is no text. */
double composition_contrast(const struct composition *composition);
#endif

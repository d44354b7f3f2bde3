/* product_view.h - the product of an image on a small square grid, so that two images of it can be
 * compared place by place, whatever their size and frame. */
#ifndef IMAGE_PRODUCT_PRODUCT_VIEW_H
#define IMAGE_PRODUCT_PRODUCT_VIEW_H
#include "image/colour/light.h"
#include "image/measure.h"

enum { VIEW_SIDE = 64, VIEW_CELLS = VIEW_SIDE * VIEW_SIDE, VIEW_PIECES = 8 };

struct product_view {
    double aspect;           /* width by height of the product's box */
    float alpha[VIEW_CELLS]; /* 0 to 1; the box is stretched to the grid */
    float lab[3][VIEW_CELLS];
    bool has_backdrop; /* of a photo */
    float backdrop[3]; /* Lab, at the photo's border */
    int pieces;        /* connected parts of at least VIEW_PIECE of the largest */
    double apart;      /* area of all pieces but the largest, of the largest */
};

/* Looks at an image with 4 channels, of some hundred pixels. Returns false if it shows no product,
 * or if memory runs out. */
bool product_view_of(const struct image *cut_out, struct product_view *out);
/* Looks at an image with 3 channels; `coverage` holds the product's alpha at each pixel. */
bool product_view_on_white(const struct image *image, const uint8_t *coverage,
                           struct product_view *out);

/* Distance in Lab between a cell of each view; lightness, which light changes, counts half. */
double product_view_distance(const struct product_view *a, int i, const struct product_view *b,
                             int k);
/* Takes the light from all cells and from the backdrop. */
void product_view_take_light(struct product_view *view, const struct light *light);
/* Returns how many cells the largest connected part of the marked ones has, and unmarks all. */
int product_view_largest_part(uint8_t marked[VIEW_CELLS]);

enum { REFERENCE_LIGHTS = 4 };

struct product_reference { /* what the seller's photo shows */
    bool alone;            /* the product could be cut out; else only `photo` is set, and after
                              product_reference_take also `view` and `box` */
    struct product_view view;
    struct light lights[REFERENCE_LIGHTS]; /* taken from the view, one after the other */
    int light_count;
    struct pixel_box box;      /* of the product, in pixels of the photo */
    struct image cut_out;      /* reduced, 4 channels */
    const struct image *photo; /* borrowed */
};

/* Never fails: without memory the product is not alone. */
void product_reference_open(const struct image *photo, struct product_reference *out);
/* Takes the product from a place in the photo, with the shape that it has in another view, where it
 * could not be cut out. Returns false if memory runs out. */
bool product_reference_take(struct product_reference *reference, struct pixel_box box,
                            const struct product_view *shape);
/* Takes the light from the view, and remembers it. */
void product_reference_take_light(struct product_reference *reference, const struct light *light);
/* Returns by how much the photo is darker than it would be in the light of the view; 1: it is not.
 */
double product_reference_gain(const struct product_reference *reference);
/* Returns the product of the photo; what is before its backdrop, in *rough, if it cannot be cut
 * out; NULL if it is not known. */
const struct product_view *product_reference_view(const struct product_reference *reference,
                                                  struct product_view *rough);
void product_reference_close(struct product_reference *reference);
#endif

/* scene_grid.h - a reduced scene in Lab, and the places where it is most like a product. */
#ifndef IMAGE_PRODUCT_SCENE_GRID_H
#define IMAGE_PRODUCT_SCENE_GRID_H
#include "image/product/product_view.h"

enum { SCENE_PLACES = 3, COARSE_BY = 4 /* cells per coarse cell, in both directions */ };

struct place_grid {
    int width, height;
    int by;     /* pixels of the scene per cell, in both directions */
    float *lab; /* three per cell */
    int coarse_width, coarse_height;
    float *coarse; /* the same, reduced */
};

struct scene_place { /* in cells */
    double left, top, width, height;
};

/* Returns false if memory runs out; free *out in any case. */
bool scene_grid_read(const struct image *scene, struct place_grid *out);
void scene_grid_free(struct place_grid *grid);

/* scene_places.c */

/* Writes at most SCENE_PLACES, of different sizes, best first, with coarse colours. A part of the
 * product that is covered counts little. With `outside`, the middle of the place is not in that box
 * of cells. Returns their number. */
int scene_places(const struct place_grid *grid, const struct product_view *product,
                 const struct pixel_box *outside, struct scene_place out[SCENE_PLACES]);

/* Moves and scales a place until it fits the product, which may be turned by 90 degrees since the
 * place was found. Returns the correlation of their colours, -1 to 1; -1 if it cannot be there. */
double scene_refine(const struct place_grid *grid, const struct product_view *product,
                    struct scene_place *place);

/* scene_grid.c */

/* Reads what the scene shows there; alpha is not set. */
void scene_view_at(const struct place_grid *grid, const struct scene_place *place,
                   struct product_view *out);
/* Returns the place in pixels of the scene. */
struct pixel_box scene_box(const struct place_grid *grid, const struct scene_place *place);
#endif

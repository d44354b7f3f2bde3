/* scene_grid.h - a reduced scene in Lab. */
#ifndef IMAGE_PRODUCT_SCENE_GRID_H
#define IMAGE_PRODUCT_SCENE_GRID_H
#include <stddef.h>

#include "image/product/product_view.h"

enum { COARSE_BY = 4 /* cells per coarse cell, in both directions */ };

/* COARSE_MARGIN: cells to the left and right of the coarse grid. */
enum { COARSE_MARGIN = 24 };

struct coarse_grid {
    int width, height;
    ptrdiff_t stride; /* values per row; the margins are of a colour that nothing has */
    ptrdiff_t plane;  /* values per channel */
    float *lab;       /* planes of L, a and b */
};

struct place_grid {
    int width, height;
    int by;     /* pixels of the scene per cell, in both directions */
    float *lab; /* three per cell */
    struct coarse_grid coarse;
};

struct scene_place { /* in cells */
    double left, top, width, height;
};

/* Returns false if memory runs out; free *out in any case. */
bool scene_grid_read(const struct image *scene, struct place_grid *out);
void scene_grid_free(struct place_grid *grid);

/* Reads what the scene shows there; alpha is not set. */
void scene_view_at(const struct place_grid *grid, const struct scene_place *place,
                   struct product_view *out);
/* Returns the place in pixels of the scene. */
struct pixel_box scene_box(const struct place_grid *grid, const struct scene_place *place);
#endif

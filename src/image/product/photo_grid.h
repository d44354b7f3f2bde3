/* photo_grid.h - a photo on a coarse grid of colours, with the plain backdrop that its border
 * shows.
 */
#ifndef IMAGE_PRODUCT_PHOTO_GRID_H
#define IMAGE_PRODUCT_PHOTO_GRID_H
#include "image/colour/light.h"
#include "image/image.h"

enum { FRONT_MOST = 20 };

enum grid_cell {
    CELL_BACKDROP,
    CELL_IN_FRONT, /* product, or a strong shadow */
    CELL_PRODUCT   /* more than a shadow could make of the backdrop */
};

struct photo_grid {
    int width, height;
    int by;               /* pixels of the photo per cell, in both directions */
    float *lab;           /* three per cell */
    float backdrop[3][3]; /* per channel: constant, per cell to the right, per cell down */
    float *front;         /* per cell: distance from the backdrop, at most FRONT_MOST */
    uint8_t *cells;       /* enum grid_cell */
    double *sums;         /* of `front`, above and to the left: (width + 1) per row */
};

/* Returns false if the backdrop is not plain, or if memory runs out; free *out in any case. */
bool photo_grid_read(const struct image *photo, struct photo_grid *out);
void photo_grid_free(struct photo_grid *grid);

/* Sets the colour of the backdrop at a place in cells. */
void photo_grid_backdrop(const struct photo_grid *grid, double x, double y, float out[3]);

/* Takes the light from all colours of the grid and of its backdrop. */
void photo_grid_take_light(struct photo_grid *grid, const struct light *light);

/* Distance in Lab; lightness counts half. */
double lab_distance(const float *a, const float *b);
#endif

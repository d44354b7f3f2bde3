/* place_pattern.h - the product as a pattern of coloured cells, and how well it fits a place of a
 * scene. */
#ifndef IMAGE_PRODUCT_PLACE_PATTERN_H
#define IMAGE_PRODUCT_PLACE_PATTERN_H
#include "image/product/scene_grid.h"

/* PATTERN_RIM: cells around the product's box. */
enum { PATTERN_COARSE = 12, PATTERN_FINE = 32, PATTERN_RIM = 2 };
enum { PATTERN_SPAN = PATTERN_FINE + 2 * PATTERN_RIM, PATTERN_CELLS = PATTERN_SPAN * PATTERN_SPAN };
enum { PATTERN_BLOCK = 32 /* cells that are compared at once; the last ones may be missing */ };

/* Largest Lab distance of a cell: one that is covered is not worse. */
static const double place_covered = 30;

struct place_pattern {
    int side;
    double aspect; /* width by height of the product's box */
    int count;     /* of cells */
    int inside;    /* the first cells are product; the others are beside it, with the colour of the
                      product next to them */
    uint8_t column[PATTERN_CELLS], row[PATTERN_CELLS]; /* from the rim's first cell */
    float lab[3][PATTERN_CELLS + PATTERN_BLOCK];       /* lightness is halved */
    double sum[3], squares;                            /* of the cells inside */
};

struct scene_cells { /* one of the grids of a scene */
    const float *lab;
    int width, height;
};

/* `side` is PATTERN_COARSE or PATTERN_FINE. */
void place_pattern_read(const struct product_view *product, int side, struct place_pattern *out);

/* Returns the mean Lab distance of the product's colours, plus how much of the product seems to go
 * on outside its outline; `most` as soon as it is known to be higher. The place is inside the grid.
 */
double place_pattern_cost(const struct place_pattern *pattern, const struct scene_cells *cells,
                          const struct scene_place *place, double most);
/* Returns the correlation of the colours inside, -1 to 1. */
double place_pattern_correlation(const struct place_pattern *pattern,
                                 const struct scene_cells *cells, const struct scene_place *place);
#endif

/* place_row.h - how well a pattern fits many places of a scene beside each other. */
#ifndef IMAGE_PRODUCT_PLACE_ROW_H
#define IMAGE_PRODUCT_PLACE_ROW_H
#include "image/product/place_pattern.h"

enum { ROW_PLACES = 32 /* at once, at most */ };

struct row_pattern { /* a pattern at one size, in cells of the coarse grid */
    const struct place_pattern *pattern;
    int column[PATTERN_SPAN], row[PATTERN_SPAN]; /* from the place's upper left cell */
};

/* The pattern must live as long as *out. */
void row_pattern_set(const struct place_pattern *pattern, double width, double height,
                     struct row_pattern *out);

/* Writes the sums of Lab distances, as in place_pattern_cost, of `count` places of which the first
 * is at `left`. Stops when all exceed `limit`. The places are inside the grid. */
void row_costs(const struct row_pattern *row, const struct coarse_grid *grid, int left, int count,
               int top, float limit, float *out);
#endif

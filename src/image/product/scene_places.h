/* scene_places.h - the places where a scene is most like a product. */
#ifndef IMAGE_PRODUCT_SCENE_PLACES_H
#define IMAGE_PRODUCT_SCENE_PLACES_H
#include "image/product/place_pattern.h"

enum { SCENE_PLACES = 3 };

/* Writes at most SCENE_PLACES, of different sizes, best first, with coarse colours. A part of the
 * product that is covered counts little. With `outside`, the middle of the place is not in that box
 * of cells. Returns their number. */
int scene_places(const struct place_grid *grid, const struct product_view *product,
                 const struct pixel_box *outside, struct scene_place out[SCENE_PLACES]);

/* Moves and scales a place until it fits the product, given as a fine pattern. The product may be
 * turned by 90 degrees since the place was found. Returns the correlation of their colours, -1 to
 * 1; -1 if it cannot be there. */
double scene_refine(const struct place_grid *grid, const struct place_pattern *pattern,
                    struct scene_place *place);

/* Moves and scales a place by parts of a cell until the details of the product fit best. */
void scene_polish(const struct place_grid *grid, const struct product_view *product,
                  struct scene_place *place);
#endif

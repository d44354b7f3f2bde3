/* cut_out_parts.h - the steps of a cut-out on its map. */
#ifndef IMAGE_CUT_OUT_CUT_OUT_PARTS_H
#define IMAGE_CUT_OUT_CUT_OUT_PARTS_H
#include "image/cut_out/cut_map.h"

/* cut_out.c */

/* Fits the backdrop again, to all pixels that are CUT_OUTSIDE and some way from others. */
void cut_refine_backdrop(struct cut_map *map);

/* cut_shadow.c */

/* Marks shadows that touch the backdrop as CUT_SHADOW. If what looks like a shadow may be product,
 * nothing is marked, and map->doubtful is set. */
void cut_find_shadow(struct cut_map *map);

/* cut_holes.c */

/* Marks enclosed pieces of backdrop as CUT_HOLE. Fails with ERROR_INPUT if a piece may be either.
 */
bool cut_find_holes(struct cut_map *map, struct error *err) MUST_CHECK;
/* Marks what is too small to be product as CUT_SPECK. Fails with ERROR_INPUT if small things stand
 * apart from the product. */
bool cut_find_specks(struct cut_map *map, struct error *err) MUST_CHECK;

/* cut_beside.c */

/* Returns the share of the outline, 0 to 1, beside which a part of the product seems to have been
 * taken for backdrop. */
double cut_missing_beside(const struct cut_map *map);

/* cut_evidence.c */

/* Fails with ERROR_INPUT, naming the reason, unless what is left is a product with a distinct
 * outline, and what was removed looks like backdrop. If a model made the mask (map->alpha), its own
 * certainty counts in place of the stability of colours. */
bool cut_has_evidence(struct cut_map *map, struct error *err) MUST_CHECK;

/* matte.c */

/* Makes the cut-out at the photo's size. Where colours do not tell product and backdrop apart,
 * alpha is that of map->alpha. Fails with ERROR_INTERNAL. */
bool cut_matte(const struct cut_map *map, const struct image *photo, struct image *out,
               struct error *err) MUST_CHECK;
#endif

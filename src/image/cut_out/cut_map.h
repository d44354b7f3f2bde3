/* cut_map.h - a photo at a reduced size, compared with the function of its backdrop, and what each
 * pixel is taken for. */
#ifndef IMAGE_CUT_OUT_CUT_MAP_H
#define IMAGE_CUT_OUT_CUT_MAP_H
#include "image/cut_out/backdrop.h"

enum { CUT_MAP_EDGE = BACKDROP_EDGE_MAX }; /* the photo is reduced until no side is longer */

enum cut_state {
    CUT_PRODUCT,
    CUT_OUTSIDE, /* backdrop that is connected to the border */
    CUT_SHADOW,  /* darker backdrop, connected to CUT_OUTSIDE */
    CUT_HOLE,    /* backdrop that the product encloses */
    CUT_SPECK,   /* dust: too small to be a part of the product */
};

struct cut_map {
    int width, height, count; /* count = width * height */
    int factor;               /* pixels of the photo per pixel of the map, in one direction */
    struct image small;       /* 3 channels */
    struct backdrop backdrop;
    int16_t *model;       /* the backdrop's colour times 16, 3 channels */
    uint8_t *diff;        /* largest difference of a channel from the backdrop; smoothed if noisy */
    uint8_t *texture;     /* mean deviation of brightness from its surroundings, in 1/8 level */
    uint8_t *state;       /* enum cut_state */
    uint8_t *alpha;       /* of a model's mask, 255 = product; NULL = no model made a mask */
    uint8_t *scratch;     /* for the caller of cut_flood */
    int *stack;           /* pixels of the region that cut_flood found last */
    double texture_noise; /* texture of the plain backdrop */
    bool to_compare; /* what may be missing at the edge is found by a comparison with the photo */
    double doubtful; /* what may be a shadow or product, as a share of the product: it was kept */
};

/* Reduces the photo, fits the backdrop and computes the maps. All pixels are CUT_PRODUCT. Fails
 * with ERROR_INPUT if the backdrop is not plain, with ERROR_INTERNAL if memory runs out. */
bool cut_map_open(const struct image *photo, struct cut_map *out, struct error *err) MUST_CHECK;
void cut_map_close(struct cut_map *map);

/* Computes model, diff and texture again after map->backdrop has changed. */
void cut_map_compare(struct cut_map *map);

/* cut_map_rows.c */

/* Computes map->diff from map->small and map->model, without smoothing. */
void cut_map_differences(struct cut_map *map);
/* Computes map->texture. Overwrites map->scratch. */
void cut_map_texture(struct cut_map *map);

/* Adds to the region all connected pixels that are not 0 in `allowed`; sets those to 0. map->stack
 * holds `count` pixels to start from; returns the number that it holds in the end. */
int cut_flood(struct cut_map *map, uint8_t *allowed, int count);

/* The mean signed difference of a pixel's brightness from the backdrop, in levels. */
double cut_darkening(const struct cut_map *map, int at);
/* Largest difference of a channel, after the brightness of the backdrop is scaled to the pixel's.
 */
double cut_tint(const struct cut_map *map, int at);

/* The tolerances at which the backdrop is flooded: differences of diff. */
int cut_low_tolerance(const struct cut_map *map);
int cut_high_tolerance(const struct cut_map *map);
#endif

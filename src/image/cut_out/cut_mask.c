/* cut_mask.c - judges the mask of a model on the map of the photo. */
#include "image/cut_out/cut_mask.h"

#include <stdlib.h>

#include "image/cut_out/cut_out_parts.h"

enum { PRODUCT_ALPHA = 128 };

static const double least_agreement = 0.95;

static cut_mask_source make_mask;

void cut_mask_source_set(cut_mask_source source)
{
    make_mask = source;
}

void cut_mask_free(struct cut_mask *mask)
{
    free(mask->alpha);
    *mask = (struct cut_mask){ 0 };
}

/* Returns the mask's value at a pixel of the map, between the four nearest ones. */
static double sample(const struct cut_mask *mask, const struct cut_map *map, int x, int y)
{
    double u = (x + 0.5) * mask->width / map->width - 0.5;
    double v = (y + 0.5) * mask->height / map->height - 0.5;
    int left = u < 0 ? 0 : (int)u, top = v < 0 ? 0 : (int)v;
    int right = left + 1 < mask->width ? left + 1 : left;
    int bottom = top + 1 < mask->height ? top + 1 : top;
    double a = u < 0 ? 0 : u - left, b = v < 0 ? 0 : v - top;
    const uint8_t *upper = mask->alpha + (size_t)top * (size_t)mask->width;
    const uint8_t *lower = mask->alpha + (size_t)bottom * (size_t)mask->width;

    return (1 - b) * ((1 - a) * upper[left] + a * upper[right]) +
           b * ((1 - a) * lower[left] + a * lower[right]);
}

/* Openings are CUT_OUTSIDE too: what the mask removes there is checked in the same way. */
static bool take_mask(const struct cut_mask *mask, struct cut_map *map, struct error *err)
{
    map->alpha = malloc((size_t)map->count);
    if (!map->alpha) {
        return error_set(err, ERROR_INTERNAL, "no memory to cut out a product");
    }
    for (int i = 0; i < map->count; i++) {
        map->alpha[i] = (uint8_t)(sample(mask, map, i % map->width, i / map->width) + 0.5);
        map->state[i] = map->alpha[i] >= PRODUCT_ALPHA ? CUT_PRODUCT : CUT_OUTSIDE;
    }
    return true;
}

static bool judge(const struct cut_mask *mask, struct cut_map *map, struct error *err)
{
    if (mask->agreement < least_agreement) {
        return error_set(err, ERROR_INPUT,
                         "the cut-out model gives the mirrored photo another outline");
    }
    if (!take_mask(mask, map, err)) {
        return false;
    }
    cut_refine_backdrop(map);
    return cut_find_specks(map, err) && cut_has_evidence(map, err);
}

bool cut_mask_find(const struct image *photo, struct cut_mask *out, struct error *err)
{
    struct cut_map map;
    bool good;

    *out = (struct cut_mask){ 0 };
    if (!make_mask) {
        return error_set(err, ERROR_INPUT, "no cut-out model is in use");
    }
    if (!cut_map_open(photo, &map, err)) { /* before the model runs, which takes seconds */
        return false;
    }
    good = make_mask(photo, out, err) && judge(out, &map, err);
    if (!good) {
        cut_mask_free(out);
    }
    cut_map_close(&map);
    return good;
}

bool image_cut_out_by_mask(const struct image *photo, const struct cut_mask *mask,
                           struct image *out, struct error *err)
{
    struct cut_map map;
    bool good;

    if (!cut_map_open(photo, &map, err)) {
        return false;
    }
    good = judge(mask, &map, err) && cut_matte(&map, photo, out, err);
    cut_map_close(&map);
    return good;
}

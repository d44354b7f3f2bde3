/* cut_out.c - the order of the steps. Each may find the result uncertain. */
#include "image/cut_out/cut_out.h"

#include <math.h>
#include <string.h>

#include "image/cut_out/cut_out_parts.h"

static void flood_backdrop(struct cut_map *map)
{
    int limit = cut_low_tolerance(map), count = 0;
    uint8_t *allowed = map->scratch;

    memset(map->state, CUT_PRODUCT, (size_t)map->count);
    for (int i = 0; i < map->count; i++) {
        allowed[i] = map->diff[i] <= limit;
    }
    for (int y = 0; y < map->height; y++) {
        int step = y == 0 || y == map->height - 1 ? 1 : map->width - 1;

        for (int x = 0; x < map->width; x += step) {
            if (allowed[y * map->width + x]) {
                map->stack[count++] = y * map->width + x;
            }
        }
    }
    count = cut_flood(map, allowed, count);
    for (int i = 0; i < count; i++) {
        map->state[map->stack[i]] = CUT_OUTSIDE;
    }
}

/* Returns true if everything within `reach` pixels is backdrop, as eight pixels there show. */
static bool is_far_from_others(const struct cut_map *map, int x, int y, int reach)
{
    int w = map->width;

    for (int dy = -1; dy <= 1; dy++) {
        for (int dx = -1; dx <= 1; dx++) {
            int nx = x + dx * reach, ny = y + dy * reach;

            nx = nx < 0 ? 0 : nx >= w ? w - 1 : nx;
            ny = ny < 0 ? 0 : ny >= map->height ? map->height - 1 : ny;
            if (map->state[ny * w + nx] != CUT_OUTSIDE) {
                return false;
            }
        }
    }
    return true;
}

void cut_refine_backdrop(struct cut_map *map)
{
    int reach = (map->width > map->height ? map->width : map->height) / 25 + 1, w = map->width;
    int step = backdrop_sample_step(&map->small);
    uint8_t *use = map->scratch;
    double smooth = 5 + 1.6 * map->texture_noise;

    for (int i = 0; i < map->count; i += step) {
        use[i] = map->texture[i] <= smooth && is_far_from_others(map, i % w, i / w, reach);
    }
    backdrop_refine(&map->small, use, &map->backdrop);
    cut_map_compare(map);
}

static bool decide(const struct image *photo, bool to_compare, struct cut_map *map,
                   struct error *err)
{
    if (!cut_map_open(photo, map, err)) {
        return false;
    }
    map->to_compare = to_compare;
    flood_backdrop(map);
    cut_refine_backdrop(map);
    flood_backdrop(map);
    if (cut_find_holes(map, err)) {
        cut_find_shadow(map);
        if (cut_find_specks(map, err) && cut_has_evidence(map, err)) {
            return true;
        }
    }
    cut_map_close(map);
    return false;
}

static bool say_why(struct error *err)
{
    struct error why = *err;

    if (err->kind == ERROR_INPUT) {
        return error_set(err, ERROR_INPUT, "the product cannot be cut out of the photo: %s",
                         why.text);
    }
    return false;
}

/* Returns true if the border of the photo is transparent. */
static bool has_no_backdrop(const struct image *photo)
{
    int clear = 0, count = 0;

    for (int y = 0; photo->channels == 4 && y < photo->height; y++) {
        int step = y == 0 || y == photo->height - 1 || photo->width == 1 ? 1 : photo->width - 1;

        for (int x = 0; x < photo->width; x += step, count++) {
            clear += photo->pixels[((size_t)y * (size_t)photo->width + (size_t)x) * 4 + 3] < 16;
        }
    }
    return count > 0 && clear * 20 > count * 19;
}

bool cut_out_is_certain(const struct image *photo, struct error *err)
{
    struct cut_map map;

    if (has_no_backdrop(photo)) {
        return true;
    }
    if (!decide(photo, false, &map, err)) {
        return say_why(err);
    }
    cut_map_close(&map);
    return true;
}

static bool cut_out(const struct image *photo, bool to_compare, struct image *out,
                    struct error *err)
{
    struct cut_map map;
    bool good;

    if (!decide(photo, to_compare, &map, err)) {
        return say_why(err);
    }
    good = cut_matte(&map, photo, out, err);
    cut_map_close(&map);
    return good;
}

bool image_cut_out(const struct image *photo, struct image *out, struct error *err)
{
    return cut_out(photo, false, out, err);
}

bool image_cut_out_to_compare(const struct image *photo, struct image *out, struct error *err)
{
    return cut_out(photo, true, out, err);
}

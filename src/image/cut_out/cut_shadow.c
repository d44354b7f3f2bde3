/* cut_shadow.c - finds the product's shadow on the backdrop: darker, of the backdrop's tint,
 * smooth, and with soft edges, unlike the product. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/cut_out/cut_out_parts.h"

enum {
    WINDOW = 8,       /* pixels of the map, to each side, in which an edge is compared */
    CONTACT = 5,      /* pixels beside the product in which texture cannot be measured */
    CONTACT_STEP = 9, /* levels between neighbours there */
    JUMP = 22,        /* levels between shadow and backdrop, beyond noise */
    STEP = 12         /* levels between shadow and product, on most of the line where they meet */
};

static const double darkest = 0.3;        /* brightness of a shadow, of the backdrop's */
static const double soft_step = 0.24;     /* largest step between pixels, of the range around */
static const double least_part = 0.002;   /* smaller shadows, of the product's area, are ignored */
static const double largest_part = 0.3;   /* larger ones may be product */
static const double min_distinct = 0.6;   /* of the line between shadow and product */
static const double max_sharp = 0.03;     /* of the line between shadow and backdrop */
static const double max_enclosed = 0.015; /* product between shadow and backdrop, of the shadow */

static int brightness(const struct cut_map *map, int at)
{
    const uint8_t *p = map->small.pixels + (size_t)at * 3;

    return (p[0] + p[1] + p[2]) / 3;
}

/* Returns true if the pixel could be shadowed backdrop by its colour alone. */
static bool has_tint_of_backdrop(const struct cut_map *map, int at)
{
    const int16_t *m = map->model + (size_t)at * 3;
    double backdrop = (m[0] + m[1] + m[2]) / 48.0, dark = cut_darkening(map, at);

    return dark > 0 && dark < backdrop * (1 - darkest) &&
           cut_tint(map, at) <= 3 + 1.5 * map->backdrop.noise + 0.04 * dark;
}

/* Range of brightness on the row or column through a pixel. */
static int range_along(const struct cut_map *map, int at, int step, int before, int after)
{
    int low = 255, high = 0;

    for (int i = -before; i <= after; i++) {
        int value = brightness(map, at + i * step);

        low = value < low ? value : low;
        high = value > high ? value : high;
    }
    return high - low;
}

/* Returns true if brightness changes slowly here, compared with how much it changes around. */
static bool is_soft(const struct cut_map *map, int at)
{
    int x = at % map->width, y = at / map->width, w = map->width;
    double noise = map->backdrop.noise;

    if (x < 1 || y < 1 || x >= w - 1 || y >= map->height - 1) {
        return true;
    }
    for (int axis = 0; axis < 2; axis++) {
        int step = axis == 0 ? 1 : w, place = axis == 0 ? x : y;
        int last = (axis == 0 ? w : map->height) - 1;
        int change = abs(brightness(map, at + step) - brightness(map, at - step));
        int before = place < WINDOW ? place : WINDOW;
        int after = last - place < WINDOW ? last - place : WINDOW;

        if (change / 2.0 > 2 + 1.5 * noise &&
            change / 2.0 > soft_step * range_along(map, at, step, before, after)) {
            return false;
        }
    }
    return true;
}

/* Starts a region at all pixels of the backdrop that touch allowed pixels. */
static int start_at_backdrop(struct cut_map *map, const uint8_t *allowed)
{
    int count = 0;

    for (int i = 0; i < map->count; i++) {
        int x = i % map->width;

        if ((map->state[i] == CUT_OUTSIDE || map->state[i] == CUT_HOLE) &&
            ((x > 0 && allowed[i - 1]) || (x + 1 < map->width && allowed[i + 1]) ||
             (i >= map->width && allowed[i - map->width]) ||
             (i + map->width < map->count && allowed[i + map->width]))) {
            map->stack[count++] = i;
        }
    }
    return count;
}

static int mark_shadow(struct cut_map *map, int from, int to)
{
    int marked = 0;

    for (int i = from; i < to; i++) {
        marked += map->state[map->stack[i]] == CUT_PRODUCT;
        if (map->state[map->stack[i]] == CUT_PRODUCT) {
            map->state[map->stack[i]] = CUT_SHADOW;
        }
    }
    return marked;
}

/* Extends the shadow to the product's outline, by small steps of brightness. */
static int extend_to_contact(struct cut_map *map)
{
    int added = 0;

    for (int round = 0; round < CONTACT; round++) {
        int count = 0;

        for (int i = map->width; i < map->count - map->width; i++) {
            static const int dx[4] = { 1, -1, 0, 0 }, dy[4] = { 0, 0, 1, -1 };

            if (map->state[i] != CUT_PRODUCT || !has_tint_of_backdrop(map, i)) {
                continue;
            }
            for (int k = 0; k < 4; k++) {
                int next = i + dx[k] + dy[k] * map->width;

                if (map->state[next] == CUT_SHADOW &&
                    abs(brightness(map, i) - brightness(map, next)) <= CONTACT_STEP) {
                    map->stack[count++] = i;
                    break;
                }
            }
        }
        added += mark_shadow(map, 0, count);
    }
    return added;
}

/* Returns the share of the line between shadow and product at which the two differ clearly: three
 * pixels into the product. */
static double distinct_share(const struct cut_map *map)
{
    int line = 0, distinct = 0;

    for (int y = 4; y < map->height - 4; y++) {
        for (int x = 4; x < map->width - 4; x++) {
            static const int dx[4] = { 1, -1, 0, 0 }, dy[4] = { 0, 0, 1, -1 };
            int at = y * map->width + x;

            for (int k = 0; k < 4 && map->state[at] == CUT_SHADOW; k++) {
                int next = at + dx[k] + dy[k] * map->width;
                int inside = at + 4 * (dx[k] + dy[k] * map->width);

                if (map->state[next] != CUT_PRODUCT || map->state[inside] != CUT_PRODUCT) {
                    continue;
                }
                line++;
                distinct += abs(brightness(map, inside) - brightness(map, at)) >= STEP ||
                            cut_tint(map, inside) >= STEP;
            }
        }
    }
    return line > 0 ? (double)distinct / line : 1;
}

/* Counts pixels of the product that lie within a few pixels of both shadow and backdrop, on
 * opposite sides: a sharp outline that the shadow has crossed elsewhere. */
static int enclosed_outline(const struct cut_map *map)
{
    int found = 0, w = map->width;

    for (int y = 4; y < map->height - 4; y++) {
        for (int x = 4; x < w - 4; x++) {
            int at = y * w + x;

            for (int axis = 0; axis < 2 && map->state[at] == CUT_PRODUCT; axis++) {
                int step = axis == 0 ? 1 : w;
                bool shadow[2] = { false, false }, outside[2] = { false, false };

                for (int i = 1; i <= 4; i++) {
                    shadow[0] |= map->state[at - i * step] == CUT_SHADOW;
                    shadow[1] |= map->state[at + i * step] == CUT_SHADOW;
                    outside[0] |= map->state[at - i * step] == CUT_OUTSIDE;
                    outside[1] |= map->state[at + i * step] == CUT_OUTSIDE;
                }
                if ((shadow[0] && outside[1]) || (shadow[1] && outside[0])) {
                    found++;
                    break;
                }
            }
        }
    }
    return found;
}

/* Returns the share of the line between shadow and backdrop at which brightness jumps. */
static double sharp_share(const struct cut_map *map)
{
    int line = 0, sharp = 0;
    double least = JUMP + 2 * map->backdrop.noise;

    for (int i = map->width; i < map->count - map->width; i++) {
        const int next[4] = { i - 1, i + 1, i - map->width, i + map->width };

        for (int k = 0; k < 4 && map->state[i] == CUT_SHADOW; k++) {
            if (map->state[next[k]] == CUT_OUTSIDE || map->state[next[k]] == CUT_HOLE) {
                line++;
                sharp += brightness(map, next[k]) - brightness(map, i) > least;
            }
        }
    }
    return line > 0 ? (double)sharp / line : 0;
}

static void forget_shadow(struct cut_map *map)
{
    for (int i = 0; i < map->count; i++) {
        map->state[i] = map->state[i] == CUT_SHADOW ? CUT_PRODUCT : map->state[i];
    }
}

void cut_find_shadow(struct cut_map *map)
{
    double smooth = 6 + 1.6 * map->texture_noise;
    uint8_t *allowed = map->scratch;
    int started, found, product = 0;

    for (int i = 0; i < map->count; i++) {
        product += map->state[i] == CUT_PRODUCT;
        allowed[i] = map->state[i] == CUT_PRODUCT && map->texture[i] <= smooth &&
                     has_tint_of_backdrop(map, i) && is_soft(map, i);
    }
    started = start_at_backdrop(map, allowed);
    found = mark_shadow(map, started, cut_flood(map, allowed, started));
    if (found < least_part * product) {
        forget_shadow(map);
        return;
    }
    found += extend_to_contact(map);
    if (found > largest_part * (product - found) || distinct_share(map) < min_distinct ||
        sharp_share(map) > max_sharp || enclosed_outline(map) > fmax(12, max_enclosed * found)) {
        forget_shadow(map);
        map->doubtful = (double)found / product;
    }
}

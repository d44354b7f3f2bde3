/* cut_beside.c - looks beside the outline for a part of the product that was taken for backdrop:
 * the pale sole of a shoe, the white trim of a bag.
 *
 * A shadow is darkest at the product and fades from there on. So what is brighter than the backdrop
 * beside the outline is no shadow, and neither is darkness that begins some way from the product
 * and ends again: it is the outline of the part that is missing. */
#include <math.h>

#include "image/cut_out/cut_out_parts.h"

enum { BANDS = 5, HALF_WIDTH = 4, LEAST_PIXELS = 9, SPACING = 4 };

static const int band_starts[BANDS + 1] = { 2, 4, 7, 11, 16, 22 }; /* pixels from the outline */

/* What a band must differ by, in levels beyond the noise of a mean of some 27 pixels. Colours are
 * left out: JPEG keeps them at half the size, so that they run out of a product. */
static const double bright = 3, edge = 1.5, edge_inside = 0.4;

struct direction { /* away from the product, and along its outline */
    int out_x, out_y, along_x, along_y;
};

struct band {
    double mean; /* difference of brightness from the backdrop */
    int pixels;
};

static struct band measure_band(const struct cut_map *map, int x, int y, const struct direction *to,
                                int band)
{
    struct band out = { 0 };

    for (int i = band_starts[band]; i < band_starts[band + 1]; i++) {
        for (int j = -HALF_WIDTH; j <= HALF_WIDTH; j++) {
            int px = x + to->out_x * i + to->along_x * j, py = y + to->out_y * i + to->along_y * j;
            int at = py * map->width + px;

            if (px >= 0 && px < map->width && py >= 0 && py < map->height &&
                map->state[at] == CUT_OUTSIDE) {
                out.mean -= cut_darkening(map, at);
                out.pixels++;
            }
        }
    }
    out.mean = out.pixels > 0 ? out.mean / out.pixels : 0;
    return out;
}

/* Returns true if a part of the product seems to lie outside this place of the outline. */
static bool has_part_beside(const struct cut_map *map, int x, int y, const struct direction *to)
{
    double level = 1 + 0.15 * map->backdrop.noise;
    struct band bands[BANDS];

    for (int i = 0; i < BANDS; i++) {
        bands[i] = measure_band(map, x, y, to, i);
    }
    for (int i = 1; i < BANDS - 1; i++) {
        const struct band *band = &bands[i];

        if (band->pixels < LEAST_PIXELS) {
            continue;
        }
        if (band->mean >= bright * level) {
            return true;
        }
        if (band[-1].pixels >= LEAST_PIXELS && band[1].pixels >= LEAST_PIXELS &&
            band[1].mean - band->mean >= edge * level &&
            band[-1].mean - band->mean >= edge_inside * level) {
            return true;
        }
    }
    return false;
}

double cut_missing_beside(const struct cut_map *map)
{
    static const struct direction directions[] = {
        { -1, 0, 0, 1 }, { 1, 0, 0, 1 }, { 0, -1, 1, 0 }, { 0, 1, 1, 0 }
    };
    int w = map->width, places = 0, missing = 0;

    for (int y = 1; y < map->height - 1; y++) {
        for (int x = 1 + y % SPACING; x < w - 1; x += SPACING) {
            for (int i = 0; i < 4 && map->state[y * w + x] == CUT_PRODUCT; i++) {
                const struct direction *to = &directions[i];

                if (map->state[(y + to->out_y) * w + x + to->out_x] == CUT_OUTSIDE) {
                    places++;
                    missing += has_part_beside(map, x, y, to);
                    break;
                }
            }
        }
    }
    return places > 0 ? (double)missing / places : 0;
}

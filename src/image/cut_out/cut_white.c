/* cut_white.c - the cut-out of an image on white: nothing is decided about pixels of the product.
 */
#include <math.h>
#include <string.h>

#include "image/cut_out/cut_out.h"
#include "image/cut_out/cut_out_parts.h"

enum { LEAST_WHITE = 246, TOLERANCE = 4 };

static const double max_noise = 1.6;
static const double max_spread = 3; /* of the background's colour over the image */

/* Returns true if the backdrop is almost white and even; writes its colour. */
static bool is_white(const struct cut_map *map, double white[3])
{
    for (int c = 0; c < 3; c++) {
        double low = 255, high = 0;

        for (int i = c; i < map->count * 3; i += 3 * 97) {
            low = fmin(low, map->model[i] / 16.0);
            high = fmax(high, map->model[i] / 16.0);
        }
        white[c] = (low + high) / 2;
        if (low < LEAST_WHITE || high - low > max_spread) {
            return false;
        }
    }
    return map->backdrop.noise <= max_noise;
}

/* Marks backdrop that is connected to the border, and specks. */
static void mark(struct cut_map *map)
{
    int count = 0;

    for (int i = 0; i < map->count; i++) {
        int x = i % map->width, y = i / map->width;

        map->scratch[i] = map->diff[i] <= TOLERANCE;
        if ((x == 0 || y == 0 || x == map->width - 1 || y == map->height - 1) && map->scratch[i]) {
            map->stack[count++] = i;
        }
    }
    count = cut_flood(map, map->scratch, count);
    for (int i = 0; i < count; i++) {
        map->state[map->stack[i]] = CUT_OUTSIDE;
    }
}

/* Pixels beside the product keep their values too: they hold the soft edge. */
static bool is_clear(const struct cut_map *map, int x, int y)
{
    for (int dy = -1; dy <= 1; dy++) {
        for (int dx = -1; dx <= 1; dx++) {
            int nx = x + dx, ny = y + dy;

            if (nx >= 0 && ny >= 0 && nx < map->width && ny < map->height &&
                map->state[ny * map->width + nx] == CUT_PRODUCT) {
                return false;
            }
        }
    }
    return true;
}

static void write_cell(const struct cut_map *map, const struct image *image, const double white[3],
                       int x, int y, struct image *out)
{
    bool clear = is_clear(map, x, y);

    for (int py = y * map->factor; py < (y + 1) * map->factor && py < image->height; py++) {
        for (int px = x * map->factor; px < (x + 1) * map->factor && px < image->width; px++) {
            size_t at = (size_t)py * (size_t)image->width + (size_t)px;
            const uint8_t *in = image->pixels + at * (size_t)image->channels;
            uint8_t *to = out->pixels + at * 4;

            memset(to, 0, 4);
            for (int c = 0; c < 3 && !clear; c++) {
                to[c] = (uint8_t)fmin(255, in[c] * 255 / white[c] + 0.5);
            }
            to[3] = clear ? 0 : 255;
        }
    }
}

bool image_cut_from_white(const struct image *image, struct image *out, struct error *err)
{
    struct cut_map map;
    double white[3];
    int product = 0;
    bool good;

    if (!cut_map_open(image, &map, err)) {
        return false;
    }
    good = is_white(&map, white) || error_set(err, ERROR_INPUT, "the background is not white");
    if (good) {
        mark(&map);
        good = cut_find_specks(&map, err);
    }
    for (int i = 0; good && i < map.count; i++) {
        product += map.state[i] == CUT_PRODUCT;
    }
    if (good && product * 200 < map.count) {
        good = error_set(err, ERROR_INPUT, "no product stands out from the background");
    }
    good = good && image_new(image->width, image->height, 4, out, err);
    for (int y = 0; good && y < map.height; y++) {
        for (int x = 0; x < map.width; x++) {
            write_cell(&map, image, white, x, y, out);
        }
    }
    cut_map_close(&map);
    return good;
}

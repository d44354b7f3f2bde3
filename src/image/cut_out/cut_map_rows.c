/* cut_map_rows.c - the maps that are computed from each pixel and its neighbours. Row by row, in
 * loops that the compiler vectorizes. Integers only. */
#include <stdlib.h>
#include <string.h>

#include "image/cut_out/cut_map.h"
#include "image/twice.h"

enum { REACH = 3, WIDE = 2 * REACH + 1 }; /* pixels around one over which its texture is averaged */

/* -- difference from the backdrop -------------------------------------------------------------- */

TWICE_INLINE void differences_any(const uint8_t *restrict pixels, const int16_t *restrict model,
                                  int width, uint8_t *restrict out)
{
    int16_t parts[CUT_MAP_EDGE * 3] = { 0 };

    for (int i = 0; i < width * 3; i++) {
        int16_t part = (int16_t)(pixels[i] * 16 - model[i]);

        parts[i] = (int16_t)(part < 0 ? -part : part);
    }
    for (int i = 0; i < width; i++) {
        int16_t worst = parts[i * 3];

        worst = parts[i * 3 + 1] > worst ? parts[i * 3 + 1] : worst;
        worst = parts[i * 3 + 2] > worst ? parts[i * 3 + 2] : worst;
        out[i] = (uint8_t)((worst + 8) / 16);
    }
}

COMPILED_TWICE(differences, (const uint8_t *pixels, const int16_t *model, int width, uint8_t *out),
               (pixels, model, width, out))

void cut_map_differences(struct cut_map *map)
{
    for (int y = 0; y < map->height; y++) {
        size_t at = (size_t)y * (size_t)map->width;

        differences(map->small.pixels + at * 3, map->model + at * 3, map->width, map->diff + at);
    }
}

/* -- texture ----------------------------------------------------------------------------------- */

/* Writes how far each pixel is from the mean of the four around it, in 1/8 level of brightness. */
TWICE_INLINE void deviations_any(const uint8_t *pixels, int width, uint8_t *restrict out)
{
    const uint8_t *above = pixels - width * 3, *below = pixels + width * 3;
    int16_t parts[CUT_MAP_EDGE * 3] = { 0 };

    for (int i = 3; i < width * 3 - 3; i++) {
        int16_t part =
            (int16_t)(4 * pixels[i] - pixels[i - 3] - pixels[i + 3] - above[i] - below[i]);

        parts[i] = (int16_t)(part < 0 ? -part : part);
    }
    for (int i = 1; i < width - 1; i++) {
        int deviation = (parts[i * 3] + parts[i * 3 + 1] + parts[i * 3 + 2]) * 2 / 3;

        out[i] = (uint8_t)(deviation > 255 ? 255 : deviation);
    }
}

COMPILED_TWICE(deviations, (const uint8_t *pixels, int width, uint8_t *out), (pixels, width, out))

/* Writes the mean of WIDE values of the row, with 0 beyond its ends. */
static void mean_of_row(const uint8_t *row, int width, uint8_t *out)
{
    int sum = 0;

    for (int x = -REACH; x < width; x++) {
        sum += x + REACH < width ? row[x + REACH] : 0;
        sum -= x - REACH - 1 >= 0 ? row[x - REACH - 1] : 0;
        if (x >= 0) {
            out[x] = (uint8_t)(sum / WIDE);
        }
    }
}

/* Moves the sums of all columns down by a row, and writes their means. */
TWICE_INLINE void mean_of_columns_any(const uint8_t *restrict enters,
                                      const uint8_t *restrict leaves, int width,
                                      uint16_t *restrict sums, uint8_t *restrict out)
{
    for (int x = 0; x < width; x++) {
        sums[x] = (uint16_t)(sums[x] + enters[x] - leaves[x]);
        out[x] = (uint8_t)(sums[x] / WIDE);
    }
}

COMPILED_TWICE(mean_of_columns,
               (const uint8_t *enters, const uint8_t *leaves, int width, uint16_t *sums,
                uint8_t *out),
               (enters, leaves, width, sums, out))

void cut_map_texture(struct cut_map *map)
{
    static const uint8_t none[CUT_MAP_EDGE];
    size_t width = (size_t)map->width;
    uint8_t *rows = map->scratch; /* means along rows */
    uint8_t single[CUT_MAP_EDGE] = { 0 }, first[CUT_MAP_EDGE];
    uint16_t sums[CUT_MAP_EDGE] = { 0 };

    for (int y = 0; y < map->height; y++) {
        if (y > 0 && y < map->height - 1) {
            deviations(map->small.pixels + (size_t)y * width * 3, map->width, single);
            mean_of_row(single, map->width, rows + (size_t)y * width);
        } else {
            memset(rows + (size_t)y * width, 0, width);
        }
    }
    for (int y = -REACH; y < map->height; y++) {
        const uint8_t *enters = y + REACH < map->height ? rows + (size_t)(y + REACH) * width : none;
        const uint8_t *leaves = y - REACH - 1 >= 0 ? rows + (size_t)(y - REACH - 1) * width : none;

        mean_of_columns(enters, leaves, map->width, sums,
                        y < 0 ? first : map->texture + (size_t)y * width);
    }
}

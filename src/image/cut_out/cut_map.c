/* cut_map.c - the maps of a photo that the cut-out is decided on. */
#include "image/cut_out/cut_map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/codec/reduce.h"
#include "image/compose.h"

enum { NOISY = 3 }; /* standard deviation from which differences are smoothed */

static bool reduce(const struct image *photo, struct cut_map *out, struct error *err)
{
    int longer = photo->width > photo->height ? photo->width : photo->height;
    struct image reduced;
    bool good;

    out->factor = (longer + CUT_MAP_EDGE - 1) / CUT_MAP_EDGE;
    if (!image_new((photo->width + out->factor - 1) / out->factor,
                   (photo->height + out->factor - 1) / out->factor, photo->channels, &reduced,
                   err)) {
        return false;
    }
    if (!image_reduce(photo, out->factor, &reduced, err)) {
        image_free(&reduced);
        return false;
    }
    if (reduced.channels == 3) {
        out->small = reduced;
        return true;
    }
    good = image_flatten(&reduced, &out->small, err);
    image_free(&reduced);
    return good;
}

/* Replaces each value by the mean of 3 x 3, except at the border. */
static void smooth(const struct cut_map *map, uint8_t *values, uint8_t *copy)
{
    memcpy(copy, values, (size_t)map->count);
    for (int y = 1; y < map->height - 1; y++) {
        const uint8_t *from = copy + (size_t)y * (size_t)map->width;
        uint8_t *to = values + (size_t)y * (size_t)map->width;
        int w = map->width;

        for (int x = 1; x < w - 1; x++) {
            const uint8_t *p = from + x;

            to[x] = (uint8_t)((p[-w - 1] + p[-w] + p[-w + 1] + p[-1] + p[0] + p[1] + p[w - 1] +
                               p[w] + p[w + 1] + 4) /
                              9);
        }
    }
}

/* Deviation of brightness from the mean of the four pixels around it, averaged over 7 x 7. */
static void compute_texture(struct cut_map *map)
{
    int w = map->width, h = map->height, reach = 3;
    const uint8_t *pixels = map->small.pixels;
    uint8_t *raw = map->scratch;

    memset(raw, 0, (size_t)map->count);
    for (int y = 1; y < h - 1; y++) {
        for (int x = 1; x < w - 1; x++) {
            int at = y * w + x, deviation = 0;

            for (int c = 0; c < 3; c++) {
                const uint8_t *p = pixels + (size_t)at * 3 + c;

                deviation += abs(4 * p[0] - p[-3] - p[3] - p[-3 * w] - p[3 * w]);
            }
            deviation = deviation * 2 / 3; /* in 1/8 level */
            raw[at] = (uint8_t)(deviation > 255 ? 255 : deviation);
        }
    }
    /* Box filter: sums along rows into rows of `texture`, then along columns. */
    for (int y = 0; y < h; y++) {
        const uint8_t *row = raw + (size_t)y * (size_t)w;
        int sum = 0;

        for (int x = -reach; x < w; x++) {
            sum += x + reach < w ? row[x + reach] : 0;
            sum -= x - reach - 1 >= 0 ? row[x - reach - 1] : 0;
            if (x >= 0) {
                map->texture[(size_t)y * (size_t)w + (size_t)x] = (uint8_t)(sum / 7);
            }
        }
    }
    memcpy(raw, map->texture, (size_t)map->count);
    for (int x = 0; x < w; x++) {
        int sum = 0;

        for (int y = -reach; y < h; y++) {
            sum += y + reach < h ? raw[(size_t)(y + reach) * (size_t)w + (size_t)x] : 0;
            sum -= y - reach - 1 >= 0 ? raw[(size_t)(y - reach - 1) * (size_t)w + (size_t)x] : 0;
            if (y >= 0) {
                map->texture[(size_t)y * (size_t)w + (size_t)x] = (uint8_t)(sum / 7);
            }
        }
    }
}

/* The texture of the backdrop: of most pixels near the border. */
static double texture_of_border(const struct cut_map *map)
{
    int histogram[256] = { 0 }, count = 0, below = 0, depth = 5 + map->width / 60;

    for (int y = 5; y < map->height - 5; y++) {
        for (int x = 5; x < map->width - 5; x++) {
            if (y < depth || x < depth || y >= map->height - depth || x >= map->width - depth) {
                histogram[map->texture[(size_t)y * (size_t)map->width + (size_t)x]]++;
                count++;
            }
        }
    }
    for (int i = 0; i < 256; i++) {
        below += histogram[i];
        if (below * 4 >= count * 3) {
            return i;
        }
    }
    return 255;
}

void cut_map_compare(struct cut_map *map)
{
    backdrop_render(&map->backdrop, map->width, map->height, map->model);
    for (int i = 0; i < map->count; i++) {
        const uint8_t *p = map->small.pixels + (size_t)i * 3;
        const int16_t *m = map->model + (size_t)i * 3;
        int worst = 0;

        for (int c = 0; c < 3; c++) {
            int difference = abs(p[c] * 16 - m[c]);

            worst = difference > worst ? difference : worst;
        }
        map->diff[i] = (uint8_t)((worst + 8) / 16 > 255 ? 255 : (worst + 8) / 16);
    }
    if (map->backdrop.noise > NOISY) {
        smooth(map, map->diff, map->scratch);
    }
}

bool cut_map_open(const struct image *photo, struct cut_map *out, struct error *err)
{
    const char *why_not = NULL;
    size_t count;

    *out = (struct cut_map){ 0 };
    if (photo->width < 16 || photo->height < 16) {
        return error_set(err, ERROR_INPUT, "the photo is too small");
    }
    if (!reduce(photo, out, err)) {
        return false;
    }
    if (out->small.width < 16 || out->small.height < 16) {
        cut_map_close(out);
        return error_set(err, ERROR_INPUT, "the photo is too narrow");
    }
    out->width = out->small.width;
    out->height = out->small.height;
    out->count = out->width * out->height;
    count = (size_t)out->count;
    if (!backdrop_fit_border(&out->small, &out->backdrop, &why_not)) {
        cut_map_close(out);
        return error_set(err, ERROR_INPUT, "%s", why_not);
    }
    out->model = malloc(count * 3 * sizeof *out->model);
    out->diff = malloc(count);
    out->texture = malloc(count);
    out->state = calloc(count, 1);
    out->scratch = malloc(count);
    out->stack = malloc(count * sizeof *out->stack);
    if (!out->model || !out->diff || !out->texture || !out->state || !out->scratch || !out->stack) {
        cut_map_close(out);
        return error_set(err, ERROR_INTERNAL, "no memory to cut out a product");
    }
    compute_texture(out);
    out->texture_noise = texture_of_border(out);
    cut_map_compare(out);
    return true;
}

void cut_map_close(struct cut_map *map)
{
    image_free(&map->small);
    free(map->model);
    free(map->diff);
    free(map->texture);
    free(map->state);
    free(map->alpha);
    free(map->scratch);
    free(map->stack);
    *map = (struct cut_map){ 0 };
}

int cut_flood(struct cut_map *map, uint8_t *allowed, int count)
{
    int w = map->width;

    for (int i = 0; i < count; i++) {
        allowed[map->stack[i]] = 0;
    }
    for (int i = 0; i < count; i++) {
        int at = map->stack[i], x = at % w;
        const int next[4] = { x > 0 ? at - 1 : -1, x + 1 < w ? at + 1 : -1, at - w,
                              at + w < map->count ? at + w : -1 };

        for (int k = 0; k < 4; k++) {
            if (next[k] >= 0 && allowed[next[k]]) {
                allowed[next[k]] = 0;
                map->stack[count++] = next[k];
            }
        }
    }
    return count;
}

double cut_darkening(const struct cut_map *map, int at)
{
    const uint8_t *p = map->small.pixels + (size_t)at * 3;
    const int16_t *m = map->model + (size_t)at * 3;

    return (m[0] + m[1] + m[2]) / 48.0 - (p[0] + p[1] + p[2]) / 3.0;
}

double cut_tint(const struct cut_map *map, int at)
{
    const uint8_t *p = map->small.pixels + (size_t)at * 3;
    const int16_t *m = map->model + (size_t)at * 3;
    double scale = 16.0 * (p[0] + p[1] + p[2]) / (m[0] + m[1] + m[2] + 1), worst = 0;

    for (int c = 0; c < 3; c++) {
        worst = fmax(worst, fabs(p[c] - scale * m[c] / 16));
    }
    return worst;
}

/* Levels beyond the noise. The low one stops at faint edges; the high one shows which do not hold.
 */
enum { LOW = 12, HIGH = 30 };

static int tolerance(const struct cut_map *map, int levels)
{
    double noise = map->backdrop.noise;

    /* diff is smoothed from a noise of 3 on, which leaves a third of it */
    return levels + (int)(noise > 3 ? 1.5 * noise : 2.5 * noise);
}

int cut_low_tolerance(const struct cut_map *map)
{
    return tolerance(map, LOW);
}

int cut_high_tolerance(const struct cut_map *map)
{
    return tolerance(map, HIGH);
}

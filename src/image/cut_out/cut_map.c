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
    cut_map_differences(map);
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
    out->model = malloc((count * 3 + BACKDROP_EXTRA) * sizeof *out->model);
    out->diff = malloc(count);
    out->texture = malloc(count);
    out->state = calloc(count, 1);
    out->scratch = malloc(count);
    out->stack = malloc(count * sizeof *out->stack);
    if (!out->model || !out->diff || !out->texture || !out->state || !out->scratch || !out->stack) {
        cut_map_close(out);
        return error_set(err, ERROR_INTERNAL, "no memory to cut out a product");
    }
    cut_map_texture(out);
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

/* Adds the pixel to the region if it is allowed. */
static void visit(struct cut_map *map, uint8_t *allowed, int at, int *count)
{
    if (allowed[at]) {
        allowed[at] = 0;
        map->stack[(*count)++] = at;
    }
}

int cut_flood(struct cut_map *map, uint8_t *allowed, int count)
{
    int w = map->width;

    for (int i = 0; i < count; i++) {
        allowed[map->stack[i]] = 0;
    }
    for (int i = 0; i < count; i++) {
        int at = map->stack[i];
        bool left = at > 0 && allowed[at - 1], right = at + 1 < map->count && allowed[at + 1];

        if (left || right) { /* the division takes longer than all else, and is rarely needed */
            int x = at % w;

            if (left && x > 0) {
                visit(map, allowed, at - 1, &count);
            }
            if (right && x + 1 < w) {
                visit(map, allowed, at + 1, &count);
            }
        }
        if (at >= w) {
            visit(map, allowed, at - w, &count);
        }
        if (at + w < map->count) {
            visit(map, allowed, at + w, &count);
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

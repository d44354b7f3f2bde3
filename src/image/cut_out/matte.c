/* matte.c - from the map to a cut-out at the photo's size: the alpha of edge pixels is the share of
 * the product's colour in them. */
#include <math.h>
#include <string.h>

#include "image/cut_out/cut_out_parts.h"

enum { REACH = 3 }; /* pixels of the map in which the product's colour is looked for */

enum { SOFT_FROM = 16, SOFT_TO = 239 }; /* alpha of a model's mask that is neither clear nor full */

static const double least_alpha = 0.05, full_alpha = 0.95;
static const double unstable_alpha = 0.3; /* below it, colours cannot be separated */
static const double min_contrast = 20;    /* of product and backdrop, to tell their shares */

struct edge { /* what the pixels of the photo at one pixel of the map are mixed from */
    double product[3], backdrop[3], length; /* length: squared distance of the two */
    bool is_product;                        /* of the map's pixel */
    double alpha; /* of the pixel where colours do not tell: of a model's mask, or 0 or 1 */
};

static bool at_is_product(const struct cut_map *map, int x, int y)
{
    return x >= 0 && y >= 0 && x < map->width && y < map->height &&
           map->state[(size_t)y * (size_t)map->width + (size_t)x] == CUT_PRODUCT;
}

/* Returns 1 if all pixels around are product, 0 if none is, -1 at the outline, and where the mask
 * of a model is soft. */
static int kind_of(const struct cut_map *map, int x, int y)
{
    int reach = map->factor == 1 ? 2 : 1, count = 0, all = 0;
    int alpha = map->alpha ? map->alpha[(size_t)y * (size_t)map->width + (size_t)x] : 0;

    if (alpha >= SOFT_FROM && alpha <= SOFT_TO) {
        return -1;
    }

    for (int dy = -reach; dy <= reach; dy++) {
        for (int dx = -reach; dx <= reach; dx++) {
            bool inside = x + dx >= 0 && y + dy >= 0 && x + dx < map->width && y + dy < map->height;

            all += inside;
            count += inside && at_is_product(map, x + dx, y + dy);
        }
    }
    return count == 0 ? 0 : count == all ? 1 : -1;
}

/* Averages the product's colour around: pixels that are not at the outline if there are some. */
static bool product_colour(const struct cut_map *map, int x, int y, bool inner, double out[3])
{
    double sum[3] = { 0 };
    int count = 0;

    for (int dy = -REACH; dy <= REACH; dy++) {
        for (int dx = -REACH; dx <= REACH; dx++) {
            int nx = x + dx, ny = y + dy;
            const uint8_t *p;

            if (!at_is_product(map, nx, ny) ||
                (inner && !(at_is_product(map, nx - 1, ny) && at_is_product(map, nx + 1, ny) &&
                            at_is_product(map, nx, ny - 1) && at_is_product(map, nx, ny + 1)))) {
                continue;
            }
            p = map->small.pixels + ((size_t)ny * (size_t)map->width + (size_t)nx) * 3;
            for (int c = 0; c < 3; c++) {
                sum[c] += p[c];
            }
            count++;
        }
    }
    for (int c = 0; c < 3 && count > 0; c++) {
        out[c] = sum[c] / count;
    }
    return count > 0;
}

/* In a shadow, the backdrop is as dark as the shadow's pixels. */
static void backdrop_around(const struct cut_map *map, int x, int y, double out[3])
{
    int at = y * map->width + x, count = 0;
    double sum[3] = { 0 };

    for (int c = 0; c < 3; c++) {
        out[c] = map->model[(size_t)at * 3 + (size_t)c] / 16.0;
    }
    for (int dy = -REACH; dy <= REACH; dy++) {
        for (int dx = -REACH; dx <= REACH; dx++) {
            int nx = x + dx, ny = y + dy, to = ny * map->width + nx;

            if (nx >= 0 && ny >= 0 && nx < map->width && ny < map->height &&
                map->state[to] == CUT_SHADOW) {
                for (int c = 0; c < 3; c++) {
                    sum[c] += map->small.pixels[(size_t)to * 3 + (size_t)c];
                }
                count++;
            }
        }
    }
    for (int c = 0; c < 3 && count > 0; c++) {
        out[c] = sum[c] / count;
    }
}

static struct edge edge_at(const struct cut_map *map, int x, int y)
{
    struct edge edge = { .is_product = at_is_product(map, x, y) };

    backdrop_around(map, x, y, edge.backdrop);
    if (!product_colour(map, x, y, true, edge.product) &&
        !product_colour(map, x, y, false, edge.product)) {
        edge.is_product = false;
        return edge;
    }
    edge.alpha = map->alpha ? map->alpha[(size_t)y * (size_t)map->width + (size_t)x] / 255.0
                            : edge.is_product;
    for (int c = 0; c < 3; c++) {
        double d = edge.product[c] - edge.backdrop[c];

        edge.length += d * d;
    }
    return edge;
}

static void mix(const struct edge *edge, const uint8_t *in, uint8_t *out)
{
    double along = 0, alpha, away = 0;

    for (int c = 0; c < 3; c++) {
        along += (in[c] - edge->backdrop[c]) * (edge->product[c] - edge->backdrop[c]);
        away += (in[c] - edge->backdrop[c]) * (in[c] - edge->backdrop[c]);
    }
    if (edge->length < min_contrast * min_contrast) {
        alpha = edge->alpha;
    } else {
        alpha = fmax(0, fmin(1, along / edge->length));
        /* A pixel of another colour than the product's around: a detail, if it is not backdrop. */
        if (edge->is_product && away > edge->length * 0.5) {
            alpha = fmax(alpha, fmin(1, sqrt(away / edge->length)));
        }
    }
    if (alpha < least_alpha) {
        memset(out, 0, 4);
        return;
    }
    out[3] = alpha > full_alpha ? 255 : (uint8_t)(alpha * 255 + 0.5);
    for (int c = 0; c < 3; c++) {
        double value = alpha > full_alpha       ? in[c]
                       : alpha < unstable_alpha ? edge->product[c]
                                                : (in[c] - (1 - alpha) * edge->backdrop[c]) / alpha;

        out[c] = (uint8_t)(fmax(0, fmin(255, value)) + 0.5);
    }
}

/* Handles the pixels of the photo at one pixel of the map. */
static void fill_cell(const struct cut_map *map, const struct image *photo, int x, int y,
                      struct image *out)
{
    int kind = kind_of(map, x, y), channels = photo->channels;
    int right = (x + 1) * map->factor, bottom = (y + 1) * map->factor;
    struct edge edge;

    if (kind < 0) {
        edge = edge_at(map, x, y);
    }
    for (int py = y * map->factor; py < bottom && py < photo->height; py++) {
        for (int px = x * map->factor; px < right && px < photo->width; px++) {
            size_t at = (size_t)py * (size_t)photo->width + (size_t)px;
            const uint8_t *in = photo->pixels + at * (size_t)channels;
            uint8_t *to = out->pixels + at * 4;

            if (kind == 0) {
                memset(to, 0, 4);
            } else if (kind > 0) {
                memcpy(to, in, 3);
                to[3] = channels == 4 ? in[3] : 255;
            } else {
                mix(&edge, in, to);
            }
        }
    }
}

bool cut_matte(const struct cut_map *map, const struct image *photo, struct image *out,
               struct error *err)
{
    if (!image_new(photo->width, photo->height, 4, out, err)) {
        return false;
    }
    for (int y = 0; y < map->height; y++) {
        for (int x = 0; x < map->width; x++) {
            fill_cell(map, photo, x, y, out);
        }
    }
    return true;
}

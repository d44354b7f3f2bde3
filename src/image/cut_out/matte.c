/* matte.c - from the map to a cut-out at the photo's size: the alpha of edge pixels is the share of
 * the product's colour in them. */
#include <math.h>
#include <stdlib.h>
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

/* Pixels around a pixel of the map: product, and all that are within the map. */
struct around {
    int reach;
    uint16_t *columns; /* product in the rows around, per column */
    int rows;          /* number of these rows */
    int product;       /* in the columns around the present pixel */
};

/* Counts the product of each column in the rows around y, from the counts of y - 1. */
static void count_columns(const struct cut_map *map, int y, struct around *around)
{
    int enters = y + around->reach, leaves = y - around->reach - 1, w = map->width;
    int last = y + around->reach < map->height ? y + around->reach : map->height - 1;
    int first = y > around->reach ? y - around->reach : 0;

    if (y == 0) {
        memset(around->columns, 0, (size_t)w * sizeof *around->columns);
        enters = 0;
    }
    for (; enters <= y + around->reach && enters < map->height; enters++) {
        const uint8_t *row = map->state + (size_t)enters * (size_t)w;

        for (int x = 0; x < w; x++) {
            around->columns[x] = (uint16_t)(around->columns[x] + (row[x] == CUT_PRODUCT));
        }
    }
    if (leaves >= 0) {
        const uint8_t *row = map->state + (size_t)leaves * (size_t)w;

        for (int x = 0; x < w; x++) {
            around->columns[x] = (uint16_t)(around->columns[x] - (row[x] == CUT_PRODUCT));
        }
    }
    around->rows = last - first + 1;
    around->product = 0;
    for (int x = 0; x < around->reach && x < w; x++) {
        around->product += around->columns[x];
    }
}

/* Returns 1 if all pixels around are product, 0 if none is, -1 at the outline, and where the mask
 * of a model is soft. Call it for each x of a row, from 0. */
static int kind_of(const struct cut_map *map, int x, int y, struct around *around)
{
    int alpha = map->alpha ? map->alpha[(size_t)y * (size_t)map->width + (size_t)x] : 0;
    int first = x > around->reach ? x - around->reach : 0, last = x + around->reach;
    int all;

    if (last < map->width) {
        around->product += around->columns[last];
    } else {
        last = map->width - 1;
    }
    if (x > around->reach) {
        around->product -= around->columns[x - around->reach - 1];
    }
    if (alpha >= SOFT_FROM && alpha <= SOFT_TO) {
        return -1;
    }
    all = (last - first + 1) * around->rows;
    return around->product == 0 ? 0 : around->product == all ? 1 : -1;
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

/* Pixels of the photo at pixels of the map: `to` is behind the last one. */
struct cell_run {
    int from, to, top, bottom;
};

/* Returns the pixels at `count` pixels of the map, from (x, y). */
static struct cell_run cells_at(const struct cut_map *map, const struct image *photo, int x, int y,
                                int count)
{
    int to = (x + count) * map->factor, bottom = (y + 1) * map->factor;

    return (struct cell_run){ .from = x * map->factor,
                              .to = to < photo->width ? to : photo->width,
                              .top = y * map->factor,
                              .bottom = bottom < photo->height ? bottom : photo->height };
}

/* Writes pixels that are all product, or all backdrop. */
static void fill_plain(const struct image *photo, const struct cell_run *run, bool product,
                       struct image *out)
{
    size_t channels = (size_t)photo->channels, count = (size_t)(run->to - run->from);

    for (int y = run->top; y < run->bottom; y++) {
        size_t at = (size_t)y * (size_t)photo->width + (size_t)run->from;
        const uint8_t *in = photo->pixels + at * channels;
        uint8_t *to = out->pixels + at * 4;

        if (!product) {
            memset(to, 0, count * 4);
        } else if (channels == 4) {
            memcpy(to, in, count * 4);
        }
        for (size_t i = 0; product && channels == 3 && i < count; i++) {
            to[i * 4] = in[i * 3];
            to[i * 4 + 1] = in[i * 3 + 1];
            to[i * 4 + 2] = in[i * 3 + 2];
            to[i * 4 + 3] = 255;
        }
    }
}

/* Writes the pixels at one pixel of the map at the outline. */
static void fill_edge(const struct cut_map *map, const struct image *photo, int x, int y,
                      struct image *out)
{
    struct cell_run run = cells_at(map, photo, x, y, 1);
    struct edge edge = edge_at(map, x, y);

    for (int py = run.top; py < run.bottom; py++) {
        for (int px = run.from; px < run.to; px++) {
            size_t at = (size_t)py * (size_t)photo->width + (size_t)px;

            mix(&edge, photo->pixels + at * (size_t)photo->channels, out->pixels + at * 4);
        }
    }
}

static void fill_row(const struct cut_map *map, const struct image *photo, int y,
                     struct around *around, struct image *out)
{
    int start = 0, kind = kind_of(map, 0, y, around);

    for (int x = 1; x <= map->width; x++) {
        int next = x < map->width ? kind_of(map, x, y, around) : -2;

        if (kind < 0) {
            fill_edge(map, photo, start, y, out);
        } else if (next == kind) {
            continue;
        } else {
            struct cell_run run = cells_at(map, photo, start, y, x - start);

            fill_plain(photo, &run, kind > 0, out);
        }
        start = x;
        kind = next;
    }
}

bool cut_matte(const struct cut_map *map, const struct image *photo, struct image *out,
               struct error *err)
{
    struct around around = { .reach = map->factor == 1 ? 2 : 1,
                             .columns = malloc((size_t)map->width * sizeof *around.columns) };

    if (!around.columns || !image_new(photo->width, photo->height, 4, out, err)) {
        free(around.columns);
        return error_set(err, ERROR_INTERNAL, "no memory to cut out a product");
    }
    for (int y = 0; y < map->height; y++) {
        count_columns(map, y, &around);
        fill_row(map, photo, y, &around, out);
    }
    free(around.columns);
    return true;
}

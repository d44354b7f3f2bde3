/* cut_evidence.c - looks for what a wrong cut-out leaves behind. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/cut_out/cut_out_parts.h"

enum { BLOCK = 8, REACH = 6 };

static const double min_area = 0.01, max_area = 0.92; /* of the photo */
/* Calibrated as the limits below, on 340 photos of nine products. */
static const double max_doubtful = 0.03; /* of the product: 0.016, 0.045 */
static const double max_missing = 0.013; /* of the outline: 0.0125, 0.0135 */

/* What may be found at most. Calibrated on 134 photos with known alpha, of ten kinds of products on
 * backdrops of seven colours, with five kinds of light and of shadow and noise of up to 9 levels;
 * the comments give the worst good cut-out and the best wrong one. */
struct limits {
    double stable;    /* least share of the product that stays at the high tolerance: 0.935, 0.90 */
    double detail;    /* blocks outside that are no backdrop, of the product: 0.004, 0.017 */
    double shade;     /* blocks outside that are slightly darker, of the product */
    double weak;      /* share of the outline with little contrast: 0.061, 0.090 */
    double soft;      /* share of the outline without an edge within REACH pixels: 0.034, 0.050 */
    double darkest;   /* levels by which a block in a shadow may be darker than the backdrop */
    int least_levels; /* of contrast at the outline, above the low tolerance */
};

static const struct limits usual = { 0.925, 0.01, 0.5, 0.075, 0.045, 255, 12 };
/* If something like a shadow was kept as product. */
static const struct limits strict = { 0.97, 0.005, 0.05, 0.03, 0.02, 255, 12 };
/* A model sees an outline that colours hardly show, and removes more than the flood would: a dark
 * block outside may be a part of the product that it has missed. Its edges may be soft. On 14
 * photos with known alpha, the true mask of 320 or 1024 pixels passes on 11, which include white on
 * white, and the cut-out's intersection over union with it is 0.993 and more; three with strong
 * shadows fail. Masks that lack the lower 15 % of the product, or are 1 % or 3 % of the photo too
 * wide or 1.7 % too narrow, all fail. */
static const struct limits of_mask = { 0.85, 0.01, 0.25, 0.25, 1, 25, -9 };

struct outline {
    int count, weak, soft;
};

/* Returns the share of the mask that a model is certain about. */
static double certainty(const struct cut_map *map)
{
    int possible = 0, certain = 0;

    for (int i = 0; i < map->count; i++) {
        possible += map->alpha[i] >= 64;
        certain += map->alpha[i] >= 192;
    }
    return possible > 0 ? (double)certain / possible : 0;
}

/* Returns what the flood at the high tolerance leaves of the product, as a share. */
static double stability(struct cut_map *map)
{
    int tolerance = cut_high_tolerance(map), count = 0, product = 0, left = 0;
    uint8_t *allowed = map->scratch;

    for (int i = 0; i < map->count; i++) {
        allowed[i] = map->state[i] != CUT_PRODUCT || map->diff[i] <= tolerance;
        product += map->state[i] == CUT_PRODUCT;
    }
    for (int i = 0; i < map->count; i++) {
        if (map->state[i] == CUT_OUTSIDE || map->state[i] == CUT_SHADOW ||
            map->state[i] == CUT_HOLE) {
            map->stack[count++] = i;
        }
    }
    cut_flood(map, allowed, count);
    /* 0 now: reached, or not allowed; the latter is product that stays. */
    for (int i = 0; i < map->count; i++) {
        left += map->state[i] == CUT_PRODUCT && (allowed[i] || map->diff[i] > tolerance);
    }
    return product > 0 ? (double)left / product : 0;
}

struct removed_block {
    double residual, dark, tint, texture;
    bool outside;
};

/* Returns true if the block is backdrop outside the product. */
static bool is_outside(const struct cut_map *map, int left, int top)
{
    for (int y = top; y < top + BLOCK; y++) {
        const uint8_t *states = map->state + (size_t)y * (size_t)map->width + (size_t)left;

        for (int x = 0; x < BLOCK; x++) {
            if (states[x] != CUT_OUTSIDE) {
                return false;
            }
        }
    }
    return true;
}

/* Sums the differences from the backdrop, times 16, and the texture: integers, until all pixels are
 * added. */
static struct removed_block measure_block(const struct cut_map *map, int left, int top)
{
    struct removed_block block = { .outside = is_outside(map, left, top) };
    int parts[3 * BLOCK] = { 0 }, texture = 0;
    double sum[3] = { 0 };

    if (!block.outside) {
        return block;
    }
    for (int y = top; y < top + BLOCK; y++) {
        size_t at = (size_t)y * (size_t)map->width + (size_t)left;
        const uint8_t *pixels = map->small.pixels + at * 3;
        const int16_t *model = map->model + at * 3;

        for (int i = 0; i < 3 * BLOCK; i++) {
            parts[i] += pixels[i] * 16 - model[i];
        }
        for (int i = 0; i < BLOCK; i++) {
            texture += map->texture[at + (size_t)i];
        }
    }
    for (int i = 0; i < 3 * BLOCK; i++) {
        sum[i % 3] += parts[i] / 16.0;
    }
    block.dark = -(sum[0] + sum[1] + sum[2]) / (3.0 * BLOCK * BLOCK);
    for (int c = 0; c < 3; c++) {
        double mean = sum[c] / (BLOCK * BLOCK);

        block.residual = fmax(block.residual, fabs(mean));
        block.tint = fmax(block.tint, fabs(mean + block.dark));
    }
    block.texture = (double)texture / (BLOCK * BLOCK);
    return block;
}

static int compare_residuals(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Returns how far the function is from a backdrop that it follows badly, such as one with steps of
 * strong compression: the residual that 95 % of the blocks along the edge of the photo do not
 * exceed. The product is hardly ever there. More than MISFIT_MAX is no light on a plain backdrop.
 */
static double misfit_at_edge(const struct cut_map *map)
{
    enum { RING = 12, MISFIT_MAX = 4 };
    int w = map->width, h = map->height, count = 0;
    double *residuals = calloc((size_t)(w / BLOCK + 1) * (size_t)(h / BLOCK + 1), sizeof(double));
    double misfit;

    if (!residuals) {
        return 0;
    }
    for (int y = 0; y + BLOCK <= h; y += BLOCK) {
        for (int x = 0; x + BLOCK <= w; x += BLOCK) {
            bool inner = x > w / RING && x < w - w / RING && y > h / RING && y < h - h / RING;
            struct removed_block block = { .outside = false };

            if (!inner) {
                block = measure_block(map, x, y);
            }
            if (block.outside) {
                residuals[count++] = block.residual;
            }
        }
    }
    qsort(residuals, (size_t)count, sizeof *residuals, compare_residuals);
    misfit = count > 0 ? residuals[count * 95 / 100] : 0;
    free(residuals);
    return fmin(misfit, MISFIT_MAX);
}

enum block_kind { BLOCK_PLAIN, BLOCK_FAINT, BLOCK_WEAK, BLOCK_STRONG };

/* Blocks that differ by less than twice the least residual count in groups only: JPEG rounds the
 * colour of 16 x 16 pixels of the photo, so that some of a smooth backdrop differ. */
enum { ROUNDED = 16, WEAK_GROUP = 4 };

static const double strong = 2;

/* Says what the block has that the backdrop has not. */
static enum block_kind judge_block(const struct cut_map *map, const struct removed_block *block,
                                   double least, double darkest)
{
    double noise = map->backdrop.noise;

    if (!block->outside || block->residual <= least) { /* beside the product, texture includes its
                                                          edge */
        return BLOCK_PLAIN;
    }
    if (block->texture > 5 + 1.7 * map->texture_noise) {
        return BLOCK_STRONG;
    }
    if (block->dark > 0 && block->dark <= darkest &&
        block->tint <= fmax(1.5 + 0.3 * noise, least / 2)) {
        return BLOCK_FAINT;
    }
    return block->residual > strong * least ? BLOCK_STRONG : BLOCK_WEAK;
}

/* Returns the number of blocks from which a group counts that differs by little. */
static int least_group(const struct cut_map *map)
{
    int across = ROUNDED / (BLOCK * map->factor);

    return WEAK_GROUP * (across > 1 ? across * across : 1);
}

/* Takes the group of blocks around `at` that differ, and unmarks them. Returns how many of them
 * count. */
static int take_group(const struct cut_map *map, uint8_t *kinds, int at)
{
    int columns = map->width / BLOCK, rows = map->height / BLOCK, *stack = map->stack;
    int depth = 0, all = 0, certain = 0;

    stack[depth++] = at;
    certain += kinds[at] == BLOCK_STRONG;
    kinds[at] = BLOCK_PLAIN;
    while (depth > 0) {
        int from = stack[--depth], x = from % columns, y = from / columns;

        all++;
        for (int ny = y > 0 ? y - 1 : 0; ny <= y + 1 && ny < rows; ny++) {
            for (int nx = x > 0 ? x - 1 : 0; nx <= x + 1 && nx < columns; nx++) {
                int next = ny * columns + nx;

                if (kinds[next] >= BLOCK_WEAK) {
                    certain += kinds[next] == BLOCK_STRONG;
                    kinds[next] = BLOCK_PLAIN;
                    stack[depth++] = next;
                }
            }
        }
    }
    return all >= least_group(map) ? all : certain;
}

/* Counts pixels of blocks outside that do not look like the backdrop: with detail or another
 * colour, and those that are just a little darker, as in a faint shadow. */
static void count_removed(const struct cut_map *map, double darkest, int *detail, int *shade)
{
    int columns = map->width / BLOCK, rows = map->height / BLOCK, count = columns * rows;
    double least = fmax(1.6 + 0.3 * map->backdrop.noise, 1.25 * misfit_at_edge(map));
    uint8_t *kinds = map->scratch; /* a pixel has more bytes than a block needs */

    *detail = *shade = 0;
    for (int i = 0; i < count; i++) {
        struct removed_block block = measure_block(map, i % columns * BLOCK, i / columns * BLOCK);

        kinds[i] = (uint8_t)judge_block(map, &block, least, darkest);
        *shade += kinds[i] == BLOCK_FAINT ? BLOCK * BLOCK : 0;
    }
    for (int i = 0; i < count; i++) {
        if (kinds[i] >= BLOCK_WEAK) {
            *detail += take_group(map, kinds, i) * BLOCK * BLOCK;
        }
    }
}

/* Judges the outline at a product pixel whose neighbour in the direction -step is not product. */
static void judge_edge(const struct cut_map *map, int at, int step, int least_levels,
                       struct outline *outline)
{
    int inside = 0, reach = 0, out = 0, tolerance = cut_low_tolerance(map);

    for (int i = 0; i < REACH; i++) {
        int to = at + i * step;

        if (to < 0 || to >= map->count || map->state[to] != CUT_PRODUCT) {
            break;
        }
        inside = map->diff[to] > inside ? map->diff[to] : inside;
    }
    outline->count++;
    outline->weak += inside < tolerance + least_levels;
    while (reach < REACH && map->diff[at + reach * step] < 0.6 * inside &&
           map->state[at + reach * step] == CUT_PRODUCT) {
        reach++;
    }
    for (out = 1; out < REACH; out++) {
        int to = at - out * step;

        if (to < 0 || to >= map->count || map->diff[to] <= fmax(0.15 * inside, tolerance / 3.0)) {
            break;
        }
    }
    outline->soft += reach + out > REACH;
}

static struct outline judge_outline(const struct cut_map *map, int least_levels)
{
    struct outline outline = { 0 };
    int w = map->width;

    for (int y = REACH; y < map->height - REACH; y++) {
        for (int x = REACH; x < w - REACH; x++) {
            int at = y * w + x;
            const int steps[4] = { 1, -1, w, -w };

            for (int k = 0; k < 4 && map->state[at] == CUT_PRODUCT; k++) {
                if (map->state[at - steps[k]] == CUT_OUTSIDE ||
                    map->state[at - steps[k]] == CUT_HOLE) {
                    judge_edge(map, at, steps[k], least_levels, &outline);
                    break;
                }
            }
        }
    }
    return outline;
}

static bool uncertain(struct error *err, const char *why)
{
    return error_set(err, ERROR_INPUT, "%s", why);
}

/* Looks for parts of the product that were taken for backdrop, and shadows that were taken for
 * product. */
static bool has_clear_edge(const struct cut_map *map, struct error *err)
{
    if (map->doubtful > max_doubtful) {
        return uncertain(err, "its shadow cannot be told from the product");
    }
    return cut_missing_beside(map) <= max_missing ||
           uncertain(err, "a part of the product has almost the background's colour");
}

bool cut_has_evidence(struct cut_map *map, struct error *err)
{
    const struct limits *limits = map->alpha ? &of_mask : map->doubtful > 0 ? &strict : &usual;
    int product = 0, detail, shade;
    struct outline outline;

    for (int i = 0; i < map->count; i++) {
        product += map->state[i] == CUT_PRODUCT;
    }
    if (product < min_area * map->count) {
        return uncertain(err, "no product stands out from the background");
    }
    if (product > max_area * map->count) {
        return uncertain(err, "the product leaves too little background");
    }
    if (map->alpha && certainty(map) < limits->stable) {
        return uncertain(err, "the cut-out model is not certain of the product's outline");
    }
    if (!map->alpha && stability(map) < limits->stable) {
        return uncertain(err, "the product's colour is close to the background's");
    }
    count_removed(map, limits->darkest, &detail, &shade);
    if (detail > limits->detail * product || shade > limits->shade * product) {
        return uncertain(err,
                         "the background is not plain, or the product's colour is close to it");
    }
    outline = judge_outline(map, limits->least_levels);
    if (outline.weak > limits->weak * outline.count) {
        return uncertain(err, "the product's outline is not distinct");
    }
    if (outline.soft > limits->soft * outline.count) {
        return uncertain(err, "the product's edges are soft: fur, blur or shadow");
    }
    return map->alpha || map->to_compare || has_clear_edge(map, err);
}

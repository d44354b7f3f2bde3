/* scene_grid.c - reduces a scene to two grids of colours, and reads what it shows at a place. */
#include "image/product/scene_grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/codec/reduce.h"
#include "image/colour/lab.h"

enum { EDGE = 336 }; /* cells of the longer side, at most */

static const float no_colour = 1e4F; /* in Lab: far from every colour */

static bool make_coarse(const struct place_grid *grid, struct coarse_grid *out)
{
    out->width = grid->width / COARSE_BY;
    out->height = grid->height / COARSE_BY;
    out->stride = out->width + 2 * COARSE_MARGIN;
    out->plane = out->stride * out->height;
    out->lab = malloc((size_t)(out->plane + 1) * 3 * sizeof *out->lab);
    if (!out->lab) {
        return false;
    }
    for (ptrdiff_t i = 0; i < out->plane * 3; i++) {
        out->lab[i] = no_colour;
    }
    for (int i = 0; i < out->width * out->height; i++) {
        int x = i % out->width, y = i / out->width;
        float sum[3] = { 0 };

        for (int k = 0; k < COARSE_BY * COARSE_BY; k++) {
            int row = y * COARSE_BY + k / COARSE_BY, column = x * COARSE_BY + k % COARSE_BY;
            const float *at = grid->lab + (size_t)(row * grid->width + column) * 3;

            for (int c = 0; c < 3; c++) {
                sum[c] += at[c];
            }
        }
        for (int c = 0; c < 3; c++) {
            out->lab[c * out->plane + y * out->stride + COARSE_MARGIN + x] =
                sum[c] / (COARSE_BY * COARSE_BY);
        }
    }
    return true;
}

/* Copies a row without alpha. */
static void copy_colours(const uint8_t *from, int width, uint8_t *to)
{
    for (int x = 0; x < width; x++) {
        memcpy(to + x * 3, from + x * 4, 3);
    }
}

/* Writes the mean colours of squares, also of transparent ones. `out` has 3 channels. */
static bool reduce_colours(const struct image *scene, int by, struct image *out)
{
    size_t width = (size_t)scene->width, stride = width * (size_t)scene->channels;
    uint8_t *colours = malloc(width * 3);
    struct reducer reducer = { 0 };
    struct error ignored;
    bool good = colours && reducer_begin(&reducer, scene->width, 3, by, &ignored);

    for (int y = 0; good && y < scene->height; y++) {
        const uint8_t *row = scene->pixels + (size_t)y * stride;

        if (scene->channels == 4) {
            copy_colours(row, scene->width, colours);
        }
        reducer_add(&reducer, scene->channels == 4 ? colours : row, out);
    }
    if (good) {
        reducer_end(&reducer, out);
    }
    reducer_free(&reducer);
    free(colours);
    return good;
}

/* Reads whole cells: those cut off by the right and lower edge are left out. */
static bool read_cells(const struct image *scene, struct place_grid *out)
{
    int by = out->by;
    struct image small = { 0 };
    struct error ignored;
    bool good = image_new((scene->width + by - 1) / by, (scene->height + by - 1) / by, 3, &small,
                          &ignored) &&
                reduce_colours(scene, by, &small);

    for (int i = 0; good && i < out->width * out->height; i++) {
        size_t at = (size_t)(i / out->width) * (size_t)small.width + (size_t)(i % out->width);

        lab_of_srgb(small.pixels + at * 3, out->lab + (size_t)i * 3);
    }
    image_free(&small);
    return good;
}

bool scene_grid_read(const struct image *scene, struct place_grid *out)
{
    int longer = scene->width > scene->height ? scene->width : scene->height;

    *out = (struct place_grid){ .by = (longer + EDGE - 1) / EDGE };
    out->width = scene->width / out->by;
    out->height = scene->height / out->by;
    out->lab = calloc((size_t)(out->width * out->height + 1), 3 * sizeof *out->lab);
    return out->lab && read_cells(scene, out) && make_coarse(out, &out->coarse);
}

void scene_grid_free(struct place_grid *grid)
{
    free(grid->lab);
    free(grid->coarse.lab);
    *grid = (struct place_grid){ 0 };
}

void scene_view_at(const struct place_grid *grid, const struct scene_place *place,
                   struct product_view *out)
{
    *out = (struct product_view){ .aspect = place->width / place->height, .pieces = 1 };
    for (int i = 0; i < VIEW_CELLS; i++) {
        int column = i % VIEW_SIDE, row = i / VIEW_SIDE;
        double x = place->left + (column + 0.5) * place->width / VIEW_SIDE - 0.5;
        double y = place->top + (row + 0.5) * place->height / VIEW_SIDE - 0.5;
        int left = (int)fmax(0, fmin(x, grid->width - 2));
        int top = (int)fmax(0, fmin(y, grid->height - 2));
        double across = fmax(0, fmin(x - left, 1)), down = fmax(0, fmin(y - top, 1));

        for (int c = 0; c < 3; c++) {
            const float *at = grid->lab + (size_t)(top * grid->width + left) * 3 + c;
            const float *below = at + (size_t)grid->width * 3;

            out->lab[c][i] = (float)((1 - down) * ((1 - across) * at[0] + across * at[3]) +
                                     down * ((1 - across) * below[0] + across * below[3]));
        }
    }
}

struct pixel_box scene_box(const struct place_grid *grid, const struct scene_place *place)
{
    return (struct pixel_box){ (int)lround(place->left * grid->by),
                               (int)lround(place->top * grid->by),
                               (int)lround((place->left + place->width) * grid->by) - 1,
                               (int)lround((place->top + place->height) * grid->by) - 1 };
}

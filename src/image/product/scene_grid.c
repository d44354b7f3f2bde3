/* scene_grid.c - reduces a scene to two grids of colours, and reads what it shows at a place. */
#include "image/product/scene_grid.h"

#include <math.h>
#include <stdlib.h>

#include "image/product/lab.h"

enum { EDGE = 336 }; /* cells of the longer side, at most */

static const float no_colour = 1e4F; /* in Lab: far from every colour */

static void read_cell(const struct image *scene, int by, int x, int y, float lab[3])
{
    unsigned sum[3] = { 0 }, count = 0;
    uint8_t mean[3];

    for (int dy = 0; dy < by; dy++) {
        const uint8_t *p =
            scene->pixels + ((size_t)(y * by + dy) * (size_t)scene->width + (size_t)(x * by)) *
                                (size_t)scene->channels;

        for (int dx = 0; dx < by; dx++, p += scene->channels, count++) {
            sum[0] += p[0];
            sum[1] += p[1];
            sum[2] += p[2];
        }
    }
    for (int c = 0; c < 3; c++) {
        mean[c] = (uint8_t)((sum[c] + count / 2) / count);
    }
    lab_of_srgb(mean, lab);
}

static bool reduce(const struct place_grid *grid, struct coarse_grid *out)
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

bool scene_grid_read(const struct image *scene, struct place_grid *out)
{
    int longer = scene->width > scene->height ? scene->width : scene->height;

    *out = (struct place_grid){ .by = (longer + EDGE - 1) / EDGE };
    out->width = scene->width / out->by;
    out->height = scene->height / out->by;
    out->lab = malloc((size_t)(out->width * out->height + 1) * 3 * sizeof *out->lab);
    if (!out->lab) {
        return false;
    }
    for (int i = 0; i < out->width * out->height; i++) {
        read_cell(scene, out->by, i % out->width, i / out->width, out->lab + (size_t)i * 3);
    }
    return reduce(out, &out->coarse);
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

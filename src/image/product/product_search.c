/* product_search.c - slides the product's coarse colours over a reduced scene. */
#include "image/product/product_search.h"

#include <math.h>
#include <stdlib.h>

#include "image/colour/lab.h"

enum { SCENE_EDGE = 112, PATTERN_SIDE = 14, SIZES = 9, STEP = 2 };

static const double least_size = 1.0 / 6, solid = 0.6;

struct scene_grid {
    int width, height, by;
    float *lab; /* three per cell */
};

struct pattern_cell {
    float x, y; /* 0 to 1, in the product's box */
    float lab[3];
};

static bool read_scene(const struct image *scene, struct scene_grid *out)
{
    int longer = scene->width > scene->height ? scene->width : scene->height;

    out->by = (longer + SCENE_EDGE - 1) / SCENE_EDGE;
    out->width = scene->width / out->by;
    out->height = scene->height / out->by;
    out->lab = malloc((size_t)(out->width * out->height + 1) * 3 * sizeof *out->lab);
    if (!out->lab) {
        return false;
    }
    for (int y = 0; y < out->height; y++) {
        for (int x = 0; x < out->width; x++) {
            const unsigned side = (unsigned)(out->by + 1) / 2, count = side * side;
            unsigned sum[3] = { 0 };
            uint8_t mean[3];

            for (int dy = 0; dy < out->by; dy += 2) {
                const uint8_t *p =
                    scene->pixels +
                    ((size_t)(y * out->by + dy) * (size_t)scene->width + (size_t)(x * out->by)) *
                        (size_t)scene->channels;

                for (int dx = 0; dx < out->by; dx += 2, p += 2 * scene->channels) {
                    sum[0] += p[0];
                    sum[1] += p[1];
                    sum[2] += p[2];
                }
            }
            for (int c = 0; c < 3; c++) {
                mean[c] = (uint8_t)(sum[c] / count);
            }
            lab_of_srgb(mean, out->lab + (size_t)(y * out->width + x) * 3);
        }
    }
    return true;
}

static int read_pattern(const struct product_view *product,
                        struct pattern_cell out[PATTERN_SIDE * PATTERN_SIDE])
{
    int count = 0;

    for (int i = 0; i < PATTERN_SIDE * PATTERN_SIDE; i++) {
        int left = i % PATTERN_SIDE * VIEW_SIDE / PATTERN_SIDE;
        int top = i / PATTERN_SIDE * VIEW_SIDE / PATTERN_SIDE;
        double weight = 0, sum[3] = { 0 };

        for (int y = top; y < top + 4; y++) {
            for (int x = left; x < left + 4; x++) {
                int at = y * VIEW_SIDE + x;

                weight += product->alpha[at];
                for (int c = 0; c < 3; c++) {
                    sum[c] += product->alpha[at] * product->lab[c][at];
                }
            }
        }
        if (weight >= 16 * solid) {
            struct pattern_cell *cell = &out[count++];

            cell->x = (float)(left + 2) / VIEW_SIDE;
            cell->y = (float)(top + 2) / VIEW_SIDE;
            for (int c = 0; c < 3; c++) {
                cell->lab[c] = (float)(sum[c] / weight);
            }
        }
    }
    return count;
}

static double distance_at(const struct scene_grid *grid, const struct pattern_cell *cells,
                          int count, int left, int top, double width, double height, double most)
{
    double sum = 0, limit = most * count;

    for (int i = 0; i < count; i++) {
        int x = left + (int)(cells[i].x * width), y = top + (int)(cells[i].y * height);
        const float *at = grid->lab + (size_t)(y * grid->width + x) * 3;
        float l = (at[0] - cells[i].lab[0]) / 2, a = at[1] - cells[i].lab[1];
        float b = at[2] - cells[i].lab[2];

        sum += sqrtf(l * l + a * a + b * b);
        if (sum > limit) {
            return most;
        }
    }
    return sum / count;
}

/* Mean distance of the product's colours from a frame around the place. */
static double surroundings(const struct scene_grid *grid, const struct pattern_cell *cells,
                           int count, const struct pixel_box *box)
{
    int width = box->right - box->left, height = box->bottom - box->top, tried = 0;
    double sum = 0;

    for (int side = -1; side <= 1; side++) {
        for (int down = -1; down <= 1; down++) {
            int left = box->left + side * width, top = box->top + down * height;

            if ((side != 0 || down != 0) && left >= 0 && top >= 0 && left + width < grid->width &&
                top + height < grid->height) {
                sum += distance_at(grid, cells, count, left, top, width, height, 200);
                tried++;
            }
        }
    }
    return tried > 0 ? sum / tried : 100;
}

static void search_size(const struct scene_grid *grid, const struct pattern_cell *cells, int count,
                        double width, double height, struct product_place *out)
{
    for (int top = 0; top + height < grid->height; top += STEP) {
        for (int left = 0; left + width < grid->width; left += STEP) {
            double distance =
                distance_at(grid, cells, count, left, top, width, height, out->distance);

            if (distance < out->distance) {
                out->distance = distance;
                out->box = (struct pixel_box){ left, top, left + (int)width, top + (int)height };
            }
        }
    }
}

bool product_search(const struct product_view *product, const struct image *scene,
                    struct product_place *out)
{
    struct pattern_cell cells[PATTERN_SIDE * PATTERN_SIDE];
    int count = read_pattern(product, cells);
    struct scene_grid grid;
    double shorter;

    *out = (struct product_place){ .distance = 200 };
    if (!read_scene(scene, &grid)) {
        return false;
    }
    shorter = fmin(grid.width, grid.height);
    for (int i = 0; i < SIZES && count > 0; i++) {
        double size = shorter * (least_size + (0.98 - least_size) * i / (SIZES - 1));
        double width = product->aspect >= 1 ? size : size * product->aspect;
        double height = product->aspect >= 1 ? size / product->aspect : size;

        search_size(&grid, cells, count, width, height, out);
    }
    out->contrast = surroundings(&grid, cells, count > 0 ? count : 1, &out->box);
    out->box = (struct pixel_box){ out->box.left * grid.by, out->box.top * grid.by,
                                   out->box.right * grid.by, out->box.bottom * grid.by };
    free(grid.lab);
    return true;
}

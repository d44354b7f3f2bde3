/* photo_grid.c - from a photo to its grid. */
#include "image/product/photo_grid.h"

#include <math.h>
#include <stdlib.h>

#include "image/colour/lab.h"
#include "image/cut_out/backdrop.h"

enum {
    GRID_EDGE = 120, /* cells of the photo's longer side */
    BORDER = 3,      /* cells that show the backdrop */
    LEAST_TO_FIT = 16
};

static const double plain = 7; /* mean distance of the border from the backdrop's plane */
/* Distance of a product from the backdrop; a soft shadow is nearer. */
static const double beside = 10;
/* No shadow is brighter than the backdrop: a white product on light grey. Levels in Lab. */
static const double brighter = 6;
/* A shadow has the backdrop's tint, in levels, and this share of its brightness at least. */
static const double darkest = 0.4, shadow_tint = 8;

double lab_distance(const float *a, const float *b)
{
    float l = (a[0] - b[0]) / 2, red = a[1] - b[1], yellow = a[2] - b[2];

    return sqrtf(l * l + red * red + yellow * yellow);
}

void photo_grid_backdrop(const struct photo_grid *grid, double x, double y, float out[3])
{
    for (int c = 0; c < 3; c++) {
        out[c] =
            (float)(grid->backdrop[c][0] + grid->backdrop[c][1] * x + grid->backdrop[c][2] * y);
    }
}

static void read_cells(const struct image *photo, struct photo_grid *grid, struct image *cells)
{
    for (int i = 0; i < grid->width * grid->height; i++) {
        int left = i % grid->width * grid->by, top = i / grid->width * grid->by;
        unsigned sum[3] = { 0 };
        uint8_t *mean = cells->pixels + (size_t)i * 3;

        for (int y = top; y < top + grid->by; y++) {
            const uint8_t *p = photo->pixels + ((size_t)y * (size_t)photo->width + (size_t)left) *
                                                   (size_t)photo->channels;

            for (int x = 0; x < grid->by; x++, p += photo->channels) {
                sum[0] += p[0];
                sum[1] += p[1];
                sum[2] += p[2];
            }
        }
        for (int c = 0; c < 3; c++) {
            mean[c] = (uint8_t)(sum[c] / (unsigned)(grid->by * grid->by));
        }
        lab_of_srgb(mean, grid->lab + (size_t)i * 3);
    }
}

static bool is_border(const struct photo_grid *grid, int x, int y)
{
    return x < BORDER || y < BORDER || x >= grid->width - BORDER || y >= grid->height - BORDER;
}

/* Fits a plane to the border, since light often falls from one side. Positions are symmetric, so
 * that the slopes are independent of each other. */
static void fit_backdrop(struct photo_grid *grid)
{
    double middle_x = (grid->width - 1) / 2.0, middle_y = (grid->height - 1) / 2.0;
    double count = 0, xx = 0, yy = 0, sums[3][3] = { { 0 } };

    for (int i = 0; i < grid->width * grid->height; i++) {
        double x = i % grid->width - middle_x, y = i / grid->width - middle_y;

        if (!is_border(grid, i % grid->width, i / grid->width)) {
            continue;
        }
        count++;
        xx += x * x;
        yy += y * y;
        for (int c = 0; c < 3; c++) {
            double value = grid->lab[(size_t)i * 3 + (size_t)c];

            sums[c][0] += value;
            sums[c][1] += value * x;
            sums[c][2] += value * y;
        }
    }
    for (int c = 0; c < 3; c++) {
        double across = sums[c][1] / xx, down = sums[c][2] / yy;

        grid->backdrop[c][0] = (float)(sums[c][0] / count - across * middle_x - down * middle_y);
        grid->backdrop[c][1] = (float)across;
        grid->backdrop[c][2] = (float)down;
    }
}

/* Measures each cell's distance from the backdrop. Returns the mean of the border's. */
static double measure_front(struct photo_grid *grid)
{
    double border = 0;
    int count = 0, stride = grid->width + 1;

    for (int y = 0; y < grid->height; y++) {
        double row = 0;

        for (int x = 0; x < grid->width; x++) {
            size_t at = (size_t)(y * grid->width + x);
            float backdrop[3];
            double off;

            photo_grid_backdrop(grid, x, y, backdrop);
            off = lab_distance(grid->lab + at * 3, backdrop);
            if (is_border(grid, x, y)) {
                border += off;
                count++;
            }
            grid->front[at] = (float)fmin(off, FRONT_MOST);
            row += grid->front[at];
            grid->sums[(y + 1) * stride + x + 1] = grid->sums[y * stride + x + 1] + row;
        }
    }
    return border / count;
}

/* Judges a cell by the colour that the backdrop has there. */
static enum grid_cell judge_cell(const uint8_t *colour, const int16_t *expected, bool in_front)
{
    uint8_t backdrop[3];
    double light = 0, whole = 1, tint = 0;
    float here[3], there[3];

    for (int c = 0; c < 3; c++) {
        int value = expected[c] / 16;

        backdrop[c] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
        light += colour[c];
        whole += backdrop[c];
    }
    lab_of_srgb(colour, here);
    lab_of_srgb(backdrop, there);
    if (here[0] - there[0] >= brighter) {
        return CELL_PRODUCT;
    }
    for (int c = 0; c < 3; c++) {
        tint = fmax(tint, fabs(colour[c] - backdrop[c] * light / whole));
    }
    return !in_front                                                          ? CELL_BACKDROP
           : light >= darkest * whole && light < whole && tint <= shadow_tint ? CELL_IN_FRONT
                                                                              : CELL_PRODUCT;
}

/* The plane does not follow light that falls off to the corners, which makes the middle brighter:
 * what is brighter than the backdrop, or no shadow on it, is found with a function that does. */
static void judge_cells(const struct image *cells, struct photo_grid *grid)
{
    int count = grid->width * grid->height;
    struct backdrop backdrop;
    const char *why_not;
    int16_t *model = malloc(((size_t)count * 3 + BACKDROP_EXTRA) * sizeof *model);
    bool follows = model && grid->width >= LEAST_TO_FIT && grid->height >= LEAST_TO_FIT &&
                   backdrop_fit_border(cells, &backdrop, &why_not);

    if (follows) {
        backdrop_render(&backdrop, grid->width, grid->height, model);
    }
    for (int i = 0; i < count; i++) {
        bool in_front = grid->front[i] >= beside;

        grid->cells[i] = (uint8_t)(follows    ? judge_cell(cells->pixels + (size_t)i * 3,
                                                           model + (size_t)i * 3, in_front)
                                   : in_front ? CELL_IN_FRONT
                                              : CELL_BACKDROP);
    }
    free(model);
}

void photo_grid_free(struct photo_grid *grid)
{
    free(grid->lab);
    free(grid->front);
    free(grid->cells);
    free(grid->sums);
}

bool photo_grid_read(const struct image *photo, struct photo_grid *out)
{
    int longer = photo->width > photo->height ? photo->width : photo->height;
    struct image cells = { 0 };
    struct error ignored;
    size_t count;
    bool good;

    *out = (struct photo_grid){ .by = (longer + GRID_EDGE - 1) / GRID_EDGE };
    out->width = photo->width / out->by;
    out->height = photo->height / out->by;
    if (out->width < 4 * BORDER || out->height < 4 * BORDER) {
        return false;
    }
    count = (size_t)(out->width + 1) * (size_t)(out->height + 1);
    out->lab = malloc(count * 3 * sizeof *out->lab);
    out->front = malloc(count * sizeof *out->front);
    out->cells = calloc(count, sizeof *out->cells);
    out->sums = calloc(count, sizeof *out->sums);
    if (!out->lab || !out->front || !out->cells || !out->sums ||
        !image_new(out->width, out->height, 3, &cells, &ignored)) {
        return false;
    }
    read_cells(photo, out, &cells);
    fit_backdrop(out);
    good = measure_front(out) <= plain;
    if (good) {
        judge_cells(&cells, out);
    }
    image_free(&cells);
    return good;
}

void photo_grid_take_light(struct photo_grid *grid, const struct light *light)
{
    float here[3], there[3], below[3];

    for (int c = 0; c < 3; c++) {
        here[c] = grid->backdrop[c][0];
        there[c] = here[c] + grid->backdrop[c][1] * (float)grid->width;
        below[c] = here[c] + grid->backdrop[c][2] * (float)grid->height;
    }
    light_take(light, here);
    light_take(light, there);
    light_take(light, below);
    for (int c = 0; c < 3; c++) {
        grid->backdrop[c][0] = here[c];
        grid->backdrop[c][1] = (there[c] - here[c]) / (float)grid->width;
        grid->backdrop[c][2] = (below[c] - here[c]) / (float)grid->height;
    }
    for (int i = 0; i < grid->width * grid->height; i++) {
        light_take(light, grid->lab + (size_t)i * 3);
    }
}

/* product_locate.c - draws the product before the backdrop at many places, and compares with the
 * photo. */
#include "image/product/product_locate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/largest_part.h"
#include "image/product/photo_grid.h"

enum {
    COARSE = 16, /* cells of the product's side in the first search */
    FINE = 32,   /* and afterwards */
    SIZES = 16,
    STEP = 3,       /* cells between places of the first search */
    CANDIDATES = 4, /* places that are looked at more closely */
    LIGHTS = 3,
    REACH = 2 /* cells by which an outline may be off */
};

static const double least_size = 0.2; /* of the photo's shorter side */
static const double alike = 7;
static const float unnoticed = 4; /* difference of lightness */
/* That a backdrop has in the lights that are tried; 0: the photo's. */
static const float lightnesses[LIGHTS] = { 0, 84, 94 };
static const double card_edge = 0.9; /* of a card's edge that has the backdrop's colour */
static const double card_area = 0.5; /* of the photo, on a card */

struct place { /* in cells */
    double left, top, width, height;
};

struct product_cells {
    int side;
    float alpha[FINE * FINE], lab[FINE * FINE][3];
};

/* -- the search ------------------------------------------------------------------------------ */

static void read_product(const struct product_view *view, int side, struct product_cells *out)
{
    int by = VIEW_SIDE / side;

    out->side = side;
    for (int i = 0; i < side * side; i++) {
        double weight = 0.001, sum[3] = { 0 };

        for (int k = 0; k < by * by; k++) {
            int at = (i / side * by + k / by) * VIEW_SIDE + i % side * by + k % by;

            weight += view->alpha[at];
            for (int c = 0; c < 3; c++) {
                sum[c] += view->alpha[at] * view->lab[c][at];
            }
        }
        out->alpha[i] = (float)(weight / (by * by));
        for (int c = 0; c < 3; c++) {
            out->lab[i][c] = (float)(sum[c] / weight);
        }
    }
}

/* Sum of `front` in the cells outside the place. */
static double front_outside(const struct photo_grid *grid, const struct place *place)
{
    int stride = grid->width + 1, left = (int)lround(place->left), top = (int)lround(place->top);
    int right = (int)lround(place->left + place->width);
    int bottom = (int)lround(place->top + place->height);
    const double *sums = grid->sums;

    return sums[grid->height * stride + grid->width] -
           (sums[bottom * stride + right] - sums[top * stride + right] -
            sums[bottom * stride + left] + sums[top * stride + left]);
}

/* Mean difference of the photo from the product at this place before the backdrop. */
static double cost_at(const struct photo_grid *grid, const struct product_cells *cells,
                      const struct place *place)
{
    double sum = 0, area = place->width * place->height / (cells->side * cells->side);

    if (place->left < 0 || place->top < 0 || place->left + place->width > grid->width ||
        place->top + place->height > grid->height) {
        return 1e9;
    }
    for (int i = 0; i < cells->side * cells->side; i++) {
        double x = place->left + (i % cells->side + 0.5) * place->width / cells->side;
        double y = place->top + (i / cells->side + 0.5) * place->height / cells->side;
        size_t at = (size_t)((int)y * grid->width + (int)x);
        float alpha = cells->alpha[i];

        sum += alpha * fmin(lab_distance(grid->lab + at * 3, cells->lab[i]), 2 * FRONT_MOST) +
               (1 - alpha) * grid->front[at];
    }
    return (sum * area + front_outside(grid, place)) / (grid->width * grid->height);
}

static void try_place(const struct photo_grid *grid, const struct product_cells *cells,
                      const struct place *place, struct place *best, double *cost)
{
    double here = cost_at(grid, cells, place);

    if (here < *cost) {
        *cost = here;
        *best = *place;
    }
}

/* Finds the best place of each size, and writes the best CANDIDATES of them. */
static void search_coarsely(const struct photo_grid *grid, const struct product_view *view,
                            struct place best[CANDIDATES])
{
    double costs[CANDIDATES], shorter = fmin(grid->width, grid->height);
    struct product_cells cells;

    for (int i = 0; i < CANDIDATES; i++) {
        best[i] = (struct place){ 0, 0, grid->width, grid->height };
        costs[i] = 1e9;
    }

    read_product(view, COARSE, &cells);
    for (int i = 0; i < SIZES; i++) {
        double size = shorter * (least_size + (1 - least_size) * i / (SIZES - 1));
        double width = view->aspect >= 1 ? size : size * view->aspect;
        double height = view->aspect >= 1 ? size / view->aspect : size;
        struct place here = { 0 };
        double cost = 1e8;
        int worst = 0;

        for (int top = 0; top + height <= grid->height; top += STEP) {
            for (int left = 0; left + width <= grid->width; left += STEP) {
                try_place(grid, &cells, &(struct place){ left, top, width, height }, &here, &cost);
            }
        }
        for (int k = 1; k < CANDIDATES; k++) {
            worst = costs[k] > costs[worst] ? k : worst;
        }
        if (cost < costs[worst]) {
            costs[worst] = cost;
            best[worst] = here;
        }
    }
}

/* Moves each edge of the place as long as that helps, by `first` cells, then by half of that, for
 * so many steps. Returns its cost. */
static double refine(const struct photo_grid *grid, const struct product_cells *cells, int first,
                     int steps, struct place *best)
{
    double cost = cost_at(grid, cells, best);

    for (int i = 0; i < steps; i++) {
        double step = (double)first / (1 << i);

        for (int round = 0; round < 6; round++) {
            double before = cost;
            struct place from = *best;

            for (int k = 0; k < 81; k++) {
                double move[4] = { k % 3 - 1, k / 3 % 3 - 1, k / 9 % 3 - 1, k / 27 - 1 };
                struct place next = { from.left + move[0] * step, from.top + move[1] * step,
                                      fmax(4, from.width + move[2] * step),
                                      fmax(4, from.height + move[3] * step) };

                try_place(grid, cells, &next, best, &cost);
            }
            if (cost >= before) {
                break;
            }
        }
    }
    return cost;
}

/* Sets the best place, and returns its cost. */
static double search(const struct photo_grid *grid, const struct product_view *view,
                     struct place *out)
{
    struct place places[CANDIDATES], *best = NULL;
    struct product_cells cells;
    double least = 0;

    search_coarsely(grid, view, places);
    read_product(view, COARSE, &cells);
    for (int i = 0; i < CANDIDATES; i++) {
        double cost = refine(grid, &cells, STEP, 2, &places[i]);

        if (!best || cost < least) {
            best = &places[i];
            least = cost;
        }
    }
    read_product(view, FINE, &cells);
    least = refine(grid, &cells, 1, 3, best);
    *out = *best;
    return least;
}

/* Sets *out to the light in which the backdrop has this lightness, and no colour if light can cause
 * it. Returns false if the photo's own light is about the same. */
static bool light_for(const float backdrop[3], float lightness, struct light *out)
{
    bool coloured = light_may_have_colour(backdrop);
    bool dark = backdrop[0] < lightness - unnoticed;

    *out = (struct light){ .gain = 1 };
    if (coloured) {
        memcpy(out->grey, backdrop, sizeof out->grey);
    }
    if (dark) {
        out->gain = (lightness + LIGHT_OFFSET) / (backdrop[0] + LIGHT_OFFSET);
    }
    return lightness > 0 ? dark : coloured;
}

/* A photo by lamplight, or exposed for its white backdrop, shows a white product yellow, or dark,
 * and a model shows it white. Searches with the backdrop as it is, and as light may have made it,
 * and keeps the place that fits best. */
static void search_in_light(struct photo_grid *grid, const struct product_view *view,
                            struct place *place, struct product_found *out)
{
    double cost = search(grid, view, place);
    struct photo_grid lit = *grid;
    size_t size = (size_t)grid->width * (size_t)grid->height * 3 * sizeof *lit.lab;
    float backdrop[3];

    lit.lab = malloc(size);
    photo_grid_backdrop(grid, grid->width / 2.0, grid->height / 2.0, backdrop);
    for (int i = 0; lit.lab && i < LIGHTS; i++) {
        struct light light;
        struct place there;
        double least;

        if (light_for(backdrop, lightnesses[i], &light)) {
            memcpy(lit.lab, grid->lab, size);
            memcpy(lit.backdrop, grid->backdrop, sizeof lit.backdrop);
            photo_grid_take_light(&lit, &light);
            least = search(&lit, view, &there);
            if (least < cost) {
                cost = least;
                *place = there;
                out->light = light;
            }
        }
    }
    if (out->light.gain > 0) {
        photo_grid_take_light(grid, &out->light);
    }
    free(lit.lab);
}

/* -- the result ------------------------------------------------------------------------------ */

/* Returns the largest alpha of the product around a cell of the photo, within REACH. */
static float alpha_near(const struct product_view *view, const struct place *place, int x, int y)
{
    float most = 0;

    for (int dy = -REACH; dy <= REACH; dy += REACH) {
        for (int dx = -REACH; dx <= REACH; dx += REACH) {
            int column = (int)floor((x + 0.5 + dx - place->left) * VIEW_SIDE / place->width);
            int row = (int)floor((y + 0.5 + dy - place->top) * VIEW_SIDE / place->height);

            if (column >= 0 && row >= 0 && column < VIEW_SIDE && row < VIEW_SIDE) {
                most = fmaxf(most, view->alpha[row * VIEW_SIDE + column]);
            }
        }
    }
    return most;
}

/* Counts cells of the photo that show something beside the product, and the largest connected part
 * of those that are no shadow. Returns false if memory runs out. */
static bool count_left_out(const struct photo_grid *grid, const struct product_view *view,
                           const struct place *place, int *left_out, int *largest)
{
    int count = grid->width * grid->height;
    uint8_t *marked = malloc((size_t)count);
    int *stack = malloc((size_t)count * sizeof *stack);
    bool good = marked && stack;

    *left_out = *largest = 0;
    for (int i = 0; good && i < count; i++) {
        bool beside = grid->cells[i] != CELL_BACKDROP &&
                      alpha_near(view, place, i % grid->width, i / grid->width) < 0.5F;

        marked[i] = beside && grid->cells[i] == CELL_PRODUCT;
        *left_out += beside;
    }
    *largest = good ? largest_part(marked, grid->width, grid->height, stack) : 0;
    free(marked);
    free(stack);
    return good;
}

/* Compares what the photo shows beside the product, and cells of the product where the photo shows
 * its backdrop, with the product. Returns false if memory runs out. */
static bool measure_fit(const struct photo_grid *grid, const struct product_view *view,
                        const struct place *place, struct product_found *out)
{
    double missing = 0, product = 0;
    double cell = place->width * place->height / VIEW_CELLS;
    int left_out, largest;

    if (!count_left_out(grid, view, place, &left_out, &largest)) {
        return false;
    }
    for (int i = 0; i < VIEW_CELLS; i++) {
        double x = place->left + (i % VIEW_SIDE + 0.5) * place->width / VIEW_SIDE;
        double y = place->top + (i / (double)VIEW_SIDE) * place->height / VIEW_SIDE;
        const float lab[3] = { view->lab[0][i], view->lab[1][i], view->lab[2][i] };
        float backdrop[3];

        if (view->alpha[i] < 0.5F) {
            continue;
        }
        product += cell;
        photo_grid_backdrop(grid, x, y, backdrop);
        if (grid->front[(int)y * grid->width + (int)x] < alike &&
            lab_distance(lab, backdrop) >= FRONT_MOST) {
            missing += cell;
        }
    }
    out->overlap = product > 0 ? (product - missing) / (product + left_out) : 0;
    out->absent = product > 0 ? largest / product : 0;
    return true;
}

/* Returns true if the view is a card with most of the photo: it is solid along all of its edges,
 * and has the backdrop's colour there. */
static bool shows_backdrop(const struct photo_grid *grid, const struct product_view *view,
                           const struct place *place)
{
    int edge = 0, like_backdrop = 0;

    for (int i = 0; i < VIEW_CELLS; i++) {
        int x = i % VIEW_SIDE, y = i / VIEW_SIDE, last = VIEW_SIDE - REACH;
        const float lab[3] = { view->lab[0][i], view->lab[1][i], view->lab[2][i] };
        float backdrop[3];

        if (x >= REACH && y >= REACH && x < last && y < last) {
            continue;
        }
        photo_grid_backdrop(grid, place->left + (x + 0.5) * place->width / VIEW_SIDE,
                            place->top + (y + 0.5) * place->height / VIEW_SIDE, backdrop);
        edge++;
        like_backdrop += view->alpha[i] >= 0.5F && lab_distance(lab, backdrop) < alike;
    }
    return like_backdrop >= card_edge * edge &&
           place->width * place->height >= card_area * grid->width * grid->height;
}

bool product_locate(const struct product_view *product, const struct image *photo,
                    struct product_found *out)
{
    struct photo_grid grid;
    struct place place;
    bool good = photo_grid_read(photo, &grid);

    *out = (struct product_found){ 0 };
    if (good) {
        search_in_light(&grid, product, &place, out);
        photo_grid_backdrop(&grid, grid.width / 2.0, grid.height / 2.0, out->backdrop);
        good = measure_fit(&grid, product, &place, out);
        out->overlap = shows_backdrop(&grid, product, &place) ? 0 : out->overlap;
        out->box =
            (struct pixel_box){ (int)lround(place.left * grid.by), (int)lround(place.top * grid.by),
                                (int)lround((place.left + place.width) * grid.by) - 1,
                                (int)lround((place.top + place.height) * grid.by) - 1 };
    }
    photo_grid_free(&grid);
    return good;
}

/* scene_places.c - tries places and sizes with coarse colours, and refines the best ones. */
#include <math.h>
#include <string.h>

#include "image/product/scene_grid.h"

/* PLACE_STEPS: positions tried over the length of the product's shorter side. */
enum { PLACE_STEPS = 8 };
enum { COARSE_SIDE = 12, FINE_SIDE = 32, SIZES = 11, RIM = 2 };

static const double least_size = 0.15, largest_size = 1.0; /* of the scene's shorter side */
static const double least_alpha = 0.6;
static const double covered = 30; /* Lab distance; more is not worse */
static const double alike = 30;   /* the same; less looks as if the product went on */
static const double correlation_weight = 20;

struct place_cell {
    float x, y; /* 0 to 1, in the product's box; outside it for its rim */
    float lab[3];
    bool outside; /* beside the product; `lab` is the product's colour next to it */
};

struct place_pattern {
    int count, inside; /* cells; the first ones are product */
    struct place_cell cells[(FINE_SIDE + 2 * RIM) * (FINE_SIDE + 2 * RIM)];
};

/* -- the product ------------------------------------------------------------------------------- */

struct cell_mean {
    double weight; /* share of the cell that is product */
    float lab[3];
};

static void read_means(const struct product_view *product, int side, struct cell_mean *out)
{
    for (int i = 0; i < side * side; i++) {
        int left = i % side * VIEW_SIDE / side, right = (i % side + 1) * VIEW_SIDE / side;
        int top = i / side * VIEW_SIDE / side, bottom = (i / side + 1) * VIEW_SIDE / side;
        double weight = 0, sum[3] = { 0 };

        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                int at = y * VIEW_SIDE + x;

                weight += product->alpha[at];
                for (int c = 0; c < 3; c++) {
                    sum[c] += product->alpha[at] * product->lab[c][at];
                }
            }
        }
        out[i].weight = weight / ((right - left) * (bottom - top));
        for (int c = 0; c < 3; c++) {
            out[i].lab[c] = weight > 0 ? (float)(sum[c] / weight) : 0;
        }
    }
}

static void add_cell(struct place_pattern *out, int x, int y, int side, const float *lab,
                     bool outside)
{
    struct place_cell *cell = &out->cells[out->count++];

    cell->x = ((float)x + 0.5F) / (float)side;
    cell->y = ((float)y + 0.5F) / (float)side;
    cell->outside = outside;
    memcpy(cell->lab, lab, sizeof cell->lab);
}

/* A cell beside the product gets the colours of the product next to it. Returns false if it is not
 * beside the product. */
static bool colour_beside(const struct cell_mean *means, int side, int x, int y, float lab[3])
{
    float sum[3] = { 0 };
    int count = 0;

    for (int dy = -1; dy <= 1; dy++) {
        for (int dx = -1; dx <= 1; dx++) {
            int nx = x + 2 * dx, ny = y + 2 * dy;

            if (nx >= 0 && ny >= 0 && nx < side && ny < side &&
                means[ny * side + nx].weight >= least_alpha) {
                for (int c = 0; c < 3; c++) {
                    sum[c] += means[ny * side + nx].lab[c];
                }
                count++;
            }
        }
    }
    for (int c = 0; c < 3 && count > 0; c++) {
        lab[c] = sum[c] / (float)count;
    }
    return count > 0;
}

static void read_pattern(const struct product_view *product, int side, struct place_pattern *out)
{
    struct cell_mean means[FINE_SIDE * FINE_SIDE];
    float lab[3];

    read_means(product, side, means);
    *out = (struct place_pattern){ .count = 0 };
    for (int i = 0; i < side * side; i++) {
        if (means[i].weight >= least_alpha) {
            add_cell(out, i % side, i / side, side, means[i].lab, false);
        }
    }
    out->inside = out->count;
    for (int y = -RIM; y < side + RIM; y++) {
        for (int x = -RIM; x < side + RIM; x++) {
            bool within = x >= 0 && y >= 0 && x < side && y < side;

            if (!(within && means[y * side + x].weight > 0.05) &&
                colour_beside(means, side, x, y, lab)) {
                add_cell(out, x, y, side, lab, true);
            }
        }
    }
}

struct grid_view { /* one of the two grids */
    const float *lab;
    int width, height;
};

/* Mean distance of the product's colours, and how much of it continues outside its outline. Stops
 * above `most`. */
static double cost_at(const struct grid_view *grid, const struct place_pattern *pattern,
                      const struct scene_place *place, double most)
{
    double sum = 0, limit = most * pattern->inside;

    for (int i = 0; i < pattern->count && sum <= limit; i++) {
        const struct place_cell *cell = &pattern->cells[i];
        double x = place->left + cell->x * place->width, y = place->top + cell->y * place->height;
        const float *at;
        float l, a, b, distance;

        if (x < 0 || y < 0 || x >= grid->width || y >= grid->height) {
            continue; /* the rim of a product at the edge */
        }
        at = grid->lab + (size_t)((int)y * grid->width + (int)x) * 3;
        l = (at[0] - cell->lab[0]) / 2;
        a = at[1] - cell->lab[1];
        b = at[2] - cell->lab[2];
        distance = sqrtf(l * l + a * a + b * b);
        sum += cell->outside ? fmaxf(0, (float)alike - distance) : fminf(distance, (float)covered);
    }
    return sum <= limit && pattern->inside > 0 ? sum / pattern->inside : most;
}

/* Correlation of the colours inside, -1 to 1. */
static double correlation_at(const struct grid_view *grid, const struct place_pattern *pattern,
                             const struct scene_place *place)
{
    double one[3] = { 0 }, other[3] = { 0 }, ones = 0, others = 0, both = 0;

    for (int i = 0; i < pattern->inside; i++) {
        const struct place_cell *cell = &pattern->cells[i];
        int x = (int)(place->left + cell->x * place->width);
        int y = (int)(place->top + cell->y * place->height);
        const float *at = grid->lab + (size_t)(y * grid->width + x) * 3;

        for (int c = 0; c < 3; c++) {
            one[c] += cell->lab[c];
            other[c] += at[c];
            ones += (double)cell->lab[c] * cell->lab[c];
            others += (double)at[c] * at[c];
            both += (double)cell->lab[c] * at[c];
        }
    }
    for (int c = 0; c < 3 && pattern->inside > 0; c++) {
        ones -= one[c] * one[c] / pattern->inside;
        others -= other[c] * other[c] / pattern->inside;
        both -= one[c] * other[c] / pattern->inside;
    }
    return ones > 0 && others > 0 ? both / sqrt(ones * others) : 0;
}

/* -- coarse search ----------------------------------------------------------------------------- */

static bool is_allowed(const struct scene_place *place, const struct pixel_box *outside)
{
    double x = place->left + place->width / 2, y = place->top + place->height / 2;

    return !outside || x < outside->left || x > outside->right || y < outside->top ||
           y > outside->bottom;
}

/* Finds the best place of one size, given in coarse cells. Returns its cost. */
static double search_size(const struct place_grid *grid, const struct place_pattern *pattern,
                          double width, double height, const struct pixel_box *outside,
                          struct scene_place *out)
{
    const struct grid_view coarse = { grid->coarse, grid->coarse_width, grid->coarse_height };
    int step = (int)fmax(1, fmin(width, height) / PLACE_STEPS);
    double best = covered;

    for (int top = 0; top + height <= grid->coarse_height; top += step) {
        for (int left = 0; left + width <= grid->coarse_width; left += step) {
            struct scene_place place = { left, top, width, height };
            const struct scene_place fine = { left * COARSE_BY, top * COARSE_BY, width * COARSE_BY,
                                              height * COARSE_BY };
            double cost;

            if (!is_allowed(&fine, outside)) {
                continue;
            }
            cost = cost_at(&coarse, pattern, &place, best);
            if (cost < best) {
                best = cost;
                *out = fine;
            }
        }
    }
    return best;
}

struct ranked {
    struct scene_place place;
    double cost;
};

/* Inserts into the sorted list, which keeps the best SCENE_PLACES. */
static void rank(struct ranked *list, int *count, const struct ranked *next)
{
    int at = 0;

    while (at < *count && list[at].cost <= next->cost) {
        at++;
    }
    if (at == SCENE_PLACES) {
        return;
    }
    *count += *count < SCENE_PLACES;
    for (int i = *count - 1; i > at; i--) {
        list[i] = list[i - 1];
    }
    list[at] = *next;
}

int scene_places(const struct place_grid *grid, const struct product_view *product,
                 const struct pixel_box *outside, struct scene_place out[SCENE_PLACES])
{
    double shorter = fmin(grid->coarse_width, grid->coarse_height);
    struct ranked ranked[SCENE_PLACES];
    struct place_pattern pattern;
    int count = 0;

    if (shorter < COARSE_BY) {
        return 0;
    }
    read_pattern(product, COARSE_SIDE, &pattern);
    for (int i = 0; i < SIZES && pattern.inside > 0; i++) {
        double size = shorter * least_size * pow(largest_size / least_size, i / (SIZES - 1.0));
        double width = product->aspect >= 1 ? size : size * product->aspect;
        double height = product->aspect >= 1 ? size / product->aspect : size;
        struct ranked next = { .cost = covered };

        next.cost = search_size(grid, &pattern, width, height, outside, &next.place);
        if (next.cost < covered) {
            rank(ranked, &count, &next);
        }
    }
    for (int i = 0; i < count; i++) {
        out[i] = ranked[i].place;
    }
    return count;
}

/* -- refinement -------------------------------------------------------------------------------- */

static bool is_inside(const struct place_grid *grid, const struct scene_place *place)
{
    return place->left >= 0 && place->top >= 0 && place->left + place->width < grid->width &&
           place->top + place->height < grid->height && place->width >= 8 && place->height >= 8;
}

static double objective(const struct grid_view *grid, const struct place_pattern *pattern,
                        const struct scene_place *place, bool correlates)
{
    double cost = cost_at(grid, pattern, place, 2 * covered);

    return correlates ? cost - correlation_weight * correlation_at(grid, pattern, place) : cost;
}

static struct scene_place moved_by(const struct scene_place *from, const double move[4],
                                   double step)
{
    double wider = move[2] * step * from->width / (from->width + from->height);
    double taller = move[3] * step * from->height / (from->width + from->height);

    return (struct scene_place){ from->left + move[0] * step - wider / 2,
                                 from->top + move[1] * step - taller / 2, from->width + wider,
                                 from->height + taller };
}

/* Moves and scales the place as long as that makes it more alike. */
static void climb(const struct place_grid *grid, const struct place_pattern *pattern,
                  bool correlates, double first_step, struct scene_place *place)
{
    static const double moves[][4] = { { -1, 0, 0, 0 }, { 1, 0, 0, 0 },  { 0, -1, 0, 0 },
                                       { 0, 1, 0, 0 },  { 0, 0, 2, 2 },  { 0, 0, -2, -2 },
                                       { 0, 0, 1, 0 },  { 0, 0, -1, 0 }, { 0, 0, 0, 1 },
                                       { 0, 0, 0, -1 } };
    const struct grid_view fine = { grid->lab, grid->width, grid->height };
    double cost = objective(&fine, pattern, place, correlates);

    for (double step = first_step; step >= 0.5; step /= 2) {
        for (bool moved = true; moved;) {
            struct scene_place from = *place;

            moved = false;
            for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
                struct scene_place next = moved_by(&from, moves[i], step);
                double tried;

                if (is_inside(grid, &next) &&
                    (tried = objective(&fine, pattern, &next, correlates)) < cost - 1e-6) {
                    cost = tried;
                    *place = next;
                    moved = true;
                }
            }
        }
    }
}

double scene_refine(const struct place_grid *grid, const struct product_view *product,
                    struct scene_place *place)
{
    const struct grid_view fine = { grid->lab, grid->width, grid->height };
    double x = place->left + place->width / 2, y = place->top + place->height / 2;
    struct place_pattern pattern;

    if ((place->width >= place->height) != (product->aspect >= 1)) { /* it lies on its side */
        double width = place->width;

        place->width = place->height;
        place->height = width;
        place->left = fmax(0, fmin(x - place->width / 2, grid->width - place->width - 1));
        place->top = fmax(0, fmin(y - place->height / 2, grid->height - place->height - 1));
    }
    if (!is_inside(grid, place)) {
        return -1;
    }
    read_pattern(product, FINE_SIDE, &pattern);
    climb(grid, &pattern, false, 4, place);
    climb(grid, &pattern, true, 2, place);
    return correlation_at(&fine, &pattern, place);
}

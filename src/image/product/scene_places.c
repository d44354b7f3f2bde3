/* scene_places.c - tries places and sizes with coarse colours, and refines the best ones. */
#include "image/product/scene_places.h"

#include <math.h>
#include <string.h>

#include "image/product/place_row.h"
#include "image/product/product_match.h"

/* PLACE_STEPS: positions tried over the length of the product's shorter side. */
enum { PLACE_STEPS = 16, SIZES = 16, POLISH_ROUNDS = 4 };

static const double least_size = 0.15, largest_size = 1.0; /* of the scene's shorter side */
static const double correlation_weight = 20;

/* -- coarse search ----------------------------------------------------------------------------- */

static bool is_allowed(const struct scene_place *place, const struct pixel_box *outside)
{
    double x = place->left + place->width / 2, y = place->top + place->height / 2;

    return !outside || x < outside->left || x > outside->right || y < outside->top ||
           y > outside->bottom;
}

/* Takes the best of places beside each other. */
static void take_best(const float costs[ROW_PLACES], int count, const struct scene_place *first,
                      const struct pixel_box *outside, float *best, struct scene_place *out)
{
    for (int j = 0; j < count; j++) {
        struct scene_place place = *first;

        place.left += j * COARSE_BY;
        if (costs[j] < *best && is_allowed(&place, outside)) {
            *best = costs[j];
            *out = place;
        }
    }
}

/* Finds the best place of one size, given in coarse cells. Returns its cost. */
static double search_size(const struct coarse_grid *grid, const struct place_pattern *pattern,
                          double width, double height, const struct pixel_box *outside,
                          struct scene_place *out)
{
    int step = (int)fmax(1, fmin(width, height) / PLACE_STEPS);
    int lefts = (int)floor(grid->width - width) + 1;
    float best = (float)(place_covered * pattern->inside), costs[ROW_PLACES];
    struct row_pattern row;

    row_pattern_set(pattern, width, height, &row);
    for (int top = 0; top + height <= grid->height; top += step) {
        for (int left = 0; left < lefts; left += ROW_PLACES) {
            struct scene_place first = { left * COARSE_BY, top * COARSE_BY, width * COARSE_BY,
                                         height * COARSE_BY };
            int count = lefts - left < ROW_PLACES ? lefts - left : ROW_PLACES;

            row_costs(&row, grid, left, count, top, best, costs);
            take_best(costs, count, &first, outside, &best, out);
        }
    }
    return best / pattern->inside;
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
    double shorter = fmin(grid->coarse.width, grid->coarse.height);
    struct ranked ranked[SCENE_PLACES];
    struct place_pattern pattern;
    int count = 0;

    if (shorter < COARSE_BY) {
        return 0;
    }
    place_pattern_read(product, PATTERN_COARSE, &pattern);
    for (int i = 0; i < SIZES && pattern.inside > 0; i++) {
        double size = shorter * least_size * pow(largest_size / least_size, i / (SIZES - 1.0));
        double width = product->aspect >= 1 ? size : size * product->aspect;
        double height = product->aspect >= 1 ? size / product->aspect : size;
        struct ranked next = { .cost = place_covered };

        next.cost = search_size(&grid->coarse, &pattern, width, height, outside, &next.place);
        if (next.cost < place_covered) {
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

/* Returns how badly the product fits; `most` or more if that is not below `most`. */
static double objective(const struct scene_cells *cells, const struct place_pattern *pattern,
                        const struct scene_place *place, bool correlates, double most)
{
    double bonus =
        correlates ? correlation_weight * place_pattern_correlation(pattern, cells, place) : 0;

    return place_pattern_cost(pattern, cells, place, most + bonus) - bonus;
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

static const double moves[][4] = { { -1, 0, 0, 0 }, { 1, 0, 0, 0 },  { 0, -1, 0, 0 },
                                   { 0, 1, 0, 0 },  { 0, 0, 2, 2 },  { 0, 0, -2, -2 },
                                   { 0, 0, 1, 0 },  { 0, 0, -1, 0 }, { 0, 0, 0, 1 },
                                   { 0, 0, 0, -1 } };

enum { MOVES = sizeof moves / sizeof *moves };

/* Moves and scales the place as long as that makes it more alike, down to steps of half a cell. */
static void climb(const struct place_grid *grid, const struct place_pattern *pattern,
                  bool correlates, int first_step, struct scene_place *place)
{
    const struct scene_cells fine = { grid->lab, grid->width, grid->height };
    double cost = objective(&fine, pattern, place, correlates, 2 * place_covered);

    for (int halves = 2 * first_step; halves > 0; halves /= 2) {
        double step = halves / 2.0;

        for (bool moved = true; moved;) {
            struct scene_place from = *place;

            moved = false;
            for (int i = 0; i < MOVES; i++) {
                struct scene_place next = moved_by(&from, moves[i], step);
                double tried;

                if (is_inside(grid, &next) &&
                    (tried = objective(&fine, pattern, &next, correlates, cost)) < cost - 1e-6) {
                    cost = tried;
                    *place = next;
                    moved = true;
                }
            }
        }
    }
}

double scene_refine(const struct place_grid *grid, const struct place_pattern *pattern,
                    struct scene_place *place)
{
    const struct scene_cells fine = { grid->lab, grid->width, grid->height };
    double x = place->left + place->width / 2, y = place->top + place->height / 2;

    if ((place->width >= place->height) != (pattern->aspect >= 1)) { /* it lies on its side */
        double width = place->width;

        place->width = place->height;
        place->height = width;
        place->left = fmax(0, fmin(x - place->width / 2, grid->width - place->width - 1));
        place->top = fmax(0, fmin(y - place->height / 2, grid->height - place->height - 1));
    }
    if (!is_inside(grid, place)) {
        return -1;
    }
    climb(grid, pattern, false, 4, place);
    climb(grid, pattern, true, 2, place);
    return place_pattern_correlation(pattern, &fine, place);
}

static double detail_at(const struct place_grid *grid, const struct product_view *product,
                        const struct scene_place *place)
{
    struct product_view shown;

    scene_view_at(grid, place, &shown);
    memcpy(shown.alpha, product->alpha, sizeof shown.alpha);
    return product_detail(product, &shown);
}

void scene_polish(const struct place_grid *grid, const struct product_view *product,
                  struct scene_place *place)
{
    double detail = detail_at(grid, product, place);

    for (int halves = 2; halves > 0; halves /= 2) {
        double step = halves / 2.0;

        for (int round = 0; round < POLISH_ROUNDS; round++) {
            struct scene_place from = *place;
            double before = detail;

            for (int i = 0; i < MOVES; i++) {
                struct scene_place next = moved_by(&from, moves[i], step);
                double tried = is_inside(grid, &next) ? detail_at(grid, product, &next) : -1;

                if (tried > detail) {
                    detail = tried;
                    *place = next;
                }
            }
            if (detail <= before) {
                break;
            }
        }
    }
}

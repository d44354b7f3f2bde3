/* scene_product.c - slides the product, and its turned and mirrored forms, over the scene, and
 * compares the details of the best places. */
#include "image/product/scene_product.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/product/scene_places.h"

static const double solid = 0.5;
static const double other_colour = 20; /* Lab distance of a cell that differs */
static const float backdrop_colour =
    12;                              /* the same, of a cell that the backdrop may shine through */
static const double near_copy = 0.6; /* least correlation of details */
static const double turned_copy = 0.72; /* the same of a turned one, which is less likely */
/* Of its box. A thinner product, such as a ring, is mostly outline, which is never exact. */
static const double least_area = 0.35;
static const double least_rest = 0.2;        /* of the product, that must be like the photo */
static const double least_correlation = 0.3; /* of the colours, at a place worth a comparison */
static const double beside = 0.35;      /* distance of a second product, in widths of the first */
static const double most_inside = 0.25; /* of a second product, in the first */
static const double most_missing = 0.2; /* of a second product */

enum { SHIFT = 2 };

struct scene_candidate {
    struct scene_place place;
    struct product_view product; /* turned */
    struct product_view shown;   /* by the scene, at the place */
    double detail, missing;
};

/* -- what is missing --------------------------------------------------------------------------- */

/* Returns true if no cell around has the colour. */
static bool differs(const struct product_view *product, int i, const struct product_view *shown)
{
    int x = i % VIEW_SIDE, y = i / VIEW_SIDE;

    for (int dy = -SHIFT; dy <= SHIFT; dy++) {
        for (int dx = -SHIFT; dx <= SHIFT; dx++) {
            int nx = x + dx, ny = y + dy;

            if (nx >= 0 && ny >= 0 && nx < VIEW_SIDE && ny < VIEW_SIDE &&
                product_view_distance(product, i, shown, ny * VIEW_SIDE + nx) <= other_colour) {
                return false;
            }
        }
    }
    return true;
}

/* Returns true if the product has the colour of the backdrop there: it may be glass, through which
 * the scene shows something else. */
static bool may_be_clear(const struct product_view *product, int i)
{
    float l = (product->lab[0][i] - product->backdrop[0]) / 2;
    float a = product->lab[1][i] - product->backdrop[1];
    float b = product->lab[2][i] - product->backdrop[2];

    return product->has_backdrop && sqrtf(l * l + a * a + b * b) < backdrop_colour;
}

/* The light of the scene may be brighter or darker. */
static void adapt_lightness(const struct product_view *product, struct product_view *shown)
{
    double sum = 0;
    int count = 0;

    for (int i = 0; i < VIEW_CELLS; i++) {
        if (product->alpha[i] >= solid &&
            product_view_distance(product, i, shown, i) <= other_colour) {
            sum += shown->lab[0][i] - product->lab[0][i];
            count++;
        }
    }
    for (int i = 0; i < VIEW_CELLS && count > 0; i++) {
        shown->lab[0][i] -= (float)(sum / count);
    }
}

/* Cells at the edge of what is missing were like a cell on its other side. */
static bool is_near_marked(const uint8_t *marked, int i)
{
    int x = i % VIEW_SIDE, y = i / VIEW_SIDE;

    for (int ny = y > SHIFT ? y - SHIFT : 0; ny <= y + SHIFT && ny < VIEW_SIDE; ny++) {
        for (int nx = x > SHIFT ? x - SHIFT : 0; nx <= x + SHIFT && nx < VIEW_SIDE; nx++) {
            if (marked[ny * VIEW_SIDE + nx]) {
                return true;
            }
        }
    }
    return false;
}

/* Compares the details of the cells that have the product's colours, and measures the largest part
 * that does not. */
static void compare(struct scene_candidate *candidate)
{
    struct product_view rest = candidate->product, shown = candidate->shown;
    int product = 0, left = 0, largest;
    uint8_t marked[VIEW_CELLS];

    adapt_lightness(&candidate->product, &shown);
    for (int i = 0; i < VIEW_CELLS; i++) {
        bool is_product = candidate->product.alpha[i] >= solid;

        marked[i] = is_product && !may_be_clear(&candidate->product, i) &&
                    differs(&candidate->product, i, &shown);
        product += is_product;
    }
    for (int i = 0; i < VIEW_CELLS; i++) {
        if (is_near_marked(marked, i)) {
            rest.alpha[i] = 0;
        }
        left += rest.alpha[i] >= solid;
    }
    memcpy(shown.alpha, rest.alpha, sizeof shown.alpha);
    candidate->detail = left >= least_rest * product ? product_detail(&rest, &shown) : 0;
    largest = product_view_largest_part(marked);
    candidate->missing = product >= least_area * VIEW_CELLS ? (double)largest / product : 0;
}

/* -- places ------------------------------------------------------------------------------------ */

/* Finds the place that fits candidate->product best. Returns the correlation of their colours. */
static double find_best(const struct place_grid *grid, const struct scene_place *places, int count,
                        struct scene_candidate *candidate)
{
    struct place_pattern pattern;
    double best = -1;

    place_pattern_read(&candidate->product, PATTERN_FINE, &pattern);
    for (int i = 0; i < count; i++) {
        struct scene_place place = places[i];
        double correlation = scene_refine(grid, &pattern, &place);

        if (correlation > best) {
            best = correlation;
            candidate->place = place;
        }
    }
    return best;
}

/* Compares the details at the candidate's place. */
static void compare_at(const struct place_grid *grid, struct scene_candidate *candidate)
{
    scene_view_at(grid, &candidate->place, &candidate->shown);
    memcpy(candidate->shown.alpha, candidate->product.alpha, sizeof candidate->shown.alpha);
    compare(candidate);
}

/* Returns the part of the box that must not hold the middle of a second product. */
static struct pixel_box core_of(const struct scene_place *place)
{
    double x = place->left + place->width / 2, y = place->top + place->height / 2;

    return (struct pixel_box){ (int)(x - beside * place->width), (int)(y - beside * place->height),
                               (int)(x + beside * place->width),
                               (int)(y + beside * place->height) };
}

/* Returns true if the middle of one is inside the core of the other. */
static bool is_same_place(const struct scene_place *first, const struct scene_place *second)
{
    struct pixel_box core = core_of(first);
    double x = second->left + second->width / 2, y = second->top + second->height / 2;

    return x >= core.left && x <= core.right && y >= core.top && y <= core.bottom;
}

/* Returns the share of the second box that is inside the first. */
static double share_inside(const struct pixel_box *first, const struct pixel_box *second)
{
    double width = fmin(first->right, second->right) - fmax(first->left, second->left) + 1;
    double height = fmin(first->bottom, second->bottom) - fmax(first->top, second->top) + 1;
    double area = (double)(second->right - second->left + 1) * (second->bottom - second->top + 1);

    return width > 0 && height > 0 ? width * height / area : 0;
}

/* Parts of a product may be like the whole: a second one is beside it. */
static void find_second(const struct place_grid *grid, const struct product_view *product,
                        const struct scene_place *first, struct scene_product *out)
{
    struct pixel_box core = core_of(first), box;
    struct scene_place places[SCENE_PLACES];
    int count = scene_places(grid, product, &core, places);
    struct scene_candidate candidate;

    for (int turn = TURN_NONE; turn <= TURN_MIRROR; turn++) {
        product_view_turn(product, (enum product_turn)turn, &candidate.product);
        if (find_best(grid, places, count, &candidate) <= least_correlation ||
            is_same_place(first, &candidate.place)) {
            continue;
        }
        box = scene_box(grid, &candidate.place);
        compare_at(grid, &candidate);
        if (share_inside(&out->box, &box) < most_inside && candidate.missing < most_missing &&
            candidate.detail > out->second) {
            out->second = candidate.detail;
            out->second_box = box;
        }
    }
}

/* Keeps one half of the product: the upper, lower, left or right one. */
static void keep_half(const struct product_view *product, int half, struct product_view *out)
{
    *out = *product;
    for (int i = 0; i < VIEW_CELLS; i++) {
        int at = half < 2 ? i / VIEW_SIDE : i % VIEW_SIDE;

        if ((at < VIEW_SIDE / 2) != (half % 2 == 0)) {
            out->alpha[i] = 0;
        }
    }
}

/* Looks for each half of the product alone. */
static void find_part(const struct place_grid *grid, const struct product_view *product,
                      struct scene_candidate *best, struct scene_candidate *tried,
                      struct scene_product *out)
{
    struct scene_place places[SCENE_PLACES];

    for (int half = 0; half < 4; half++) {
        struct product_view part;
        int count;

        keep_half(product, half, &part);
        count = scene_places(grid, &part, NULL, places);
        tried->product = part;
        if (find_best(grid, places, count, tried) > least_correlation) {
            tried->product = *product;
            compare_at(grid, tried);
            if (tried->detail > best->detail) {
                *best = *tried;
                out->turn = TURN_NONE;
            }
        }
    }
}

/* Compares the details again, at places where they fit best: a product that is turned differs from
 * one that is not by little, if it is almost symmetric. */
static void compare_closely(const struct product_view *product, const struct place_grid *grid,
                            const struct scene_place *upright, struct scene_candidate *best,
                            struct scene_candidate *tried, struct scene_product *out)
{
    scene_polish(grid, &best->product, &best->place);
    compare_at(grid, best);
    tried->product = *product;
    tried->place = *upright;
    scene_polish(grid, product, &tried->place);
    compare_at(grid, tried);
    out->upright = fmax(out->upright, tried->detail);
}

/* Compares the product as it is, and as it fits better when it is turned. Where the scene has no
 * copy of it as it is, it is looked for again for each turn, except for those that differ from an
 * earlier one by a mirror. */
static void find_turn(const struct product_view *product, const struct place_grid *grid,
                      struct scene_candidate *best, struct scene_candidate *tried,
                      struct scene_product *out)
{
    struct scene_place places[SCENE_PLACES], upright;
    int count = scene_places(grid, product, NULL, places);
    double correlation;

    best->product = *product;
    correlation = find_best(grid, places, count, best);
    if (correlation > -1) {
        compare_at(grid, best);
    }
    upright = best->place;
    out->upright = best->detail;
    for (int turn = TURN_MIRROR; turn < TURNS; turn++) {
        product_view_turn(product, (enum product_turn)turn, &tried->product);
        if (out->upright < near_copy && turn != TURN_MIRROR && turn != TURN_FLIP) {
            count = scene_places(grid, &tried->product, NULL, places);
        }
        if (find_best(grid, places, count, tried) > correlation) {
            compare_at(grid, tried);
            if (tried->detail > best->detail) {
                *best = *tried;
                out->turn = (enum product_turn)turn;
            }
        }
    }
    if (out->turn != TURN_NONE) {
        compare_closely(product, grid, &upright, best, tried, out);
        if (best->detail < turned_copy) {
            *best = *tried;
            out->turn = TURN_NONE;
        }
    }
}

static void find(const struct product_view *product, const struct place_grid *grid,
                 struct scene_candidate *best, struct scene_candidate *tried,
                 struct scene_product *out)
{
    find_turn(product, grid, best, tried, out);
    if (out->upright < near_copy && best->detail < turned_copy) {
        find_part(grid, product, best, tried, out);
    }
    out->known = best->detail >= near_copy;
    out->detail = best->detail;
    out->missing = best->missing;
    out->box = scene_box(grid, &best->place);
    out->view = best->shown;
    if (out->known && out->turn == TURN_NONE) {
        find_second(grid, product, &best->place, out);
    }
}

bool scene_product_find(const struct product_view *product, const struct image *scene,
                        struct scene_product *out)
{
    struct scene_candidate *candidates = calloc(2, sizeof *candidates);
    struct place_grid grid = { 0 };
    bool good = candidates && scene_grid_read(scene, &grid);

    *out = (struct scene_product){ 0 };
    if (good && product_has_details(product)) {
        find(product, &grid, &candidates[0], &candidates[1], out);
    }
    scene_grid_free(&grid);
    free(candidates);
    return good;
}

/* place_pattern.c - reads a product as cells, and compares them with the cells of a scene. Compiled
 * without errno of mathematical functions, so that the loops over cells use vectors. */
#include "image/product/place_pattern.h"

#include <math.h>

#include "image/twice.h"

enum { BLOCK = PATTERN_BLOCK /* cells that are compared at once */, PARTS = 8 };

static const double least_alpha = 0.6;
static const double most_beside = 0.05; /* product in a cell that counts as beside it */
static const float alike = 30;          /* Lab distance; less looks as if the product went on */

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

static void add_cell(struct place_pattern *out, int x, int y, const float *lab)
{
    int i = out->count++;

    out->column[i] = (uint8_t)(x + PATTERN_RIM);
    out->row[i] = (uint8_t)(y + PATTERN_RIM);
    for (int c = 0; c < 3; c++) {
        out->lab[c][i] = c == 0 ? lab[c] / 2 : lab[c];
    }
}

/* Sets the colours of the product next to a cell. Returns false if there is none. */
static bool colour_beside(const struct cell_mean *means, int side, int x, int y, float lab[3])
{
    float sum[3] = { 0 };
    int count = 0;

    for (int dy = -PATTERN_RIM; dy <= PATTERN_RIM; dy += PATTERN_RIM) {
        for (int dx = -PATTERN_RIM; dx <= PATTERN_RIM; dx += PATTERN_RIM) {
            int nx = x + dx, ny = y + dy;

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

/* Sums over the cells inside, for the correlation. */
static void add_sums(struct place_pattern *out)
{
    for (int i = 0; i < out->inside; i++) {
        for (int c = 0; c < 3; c++) {
            double value = c == 0 ? 2 * out->lab[c][i] : out->lab[c][i];

            out->sum[c] += value;
            out->squares += value * value;
        }
    }
}

void place_pattern_read(const struct product_view *product, int side, struct place_pattern *out)
{
    struct cell_mean means[PATTERN_FINE * PATTERN_FINE];
    float lab[3];

    read_means(product, side, means);
    out->side = side;
    out->aspect = product->aspect;
    out->count = 0;
    out->squares = out->sum[0] = out->sum[1] = out->sum[2] = 0;
    for (int i = 0; i < side * side; i++) {
        if (means[i].weight >= least_alpha) {
            add_cell(out, i % side, i / side, means[i].lab);
        }
    }
    out->inside = out->count;
    add_sums(out);
    for (int y = -PATTERN_RIM; y < side + PATTERN_RIM; y++) {
        for (int x = -PATTERN_RIM; x < side + PATTERN_RIM; x++) {
            bool within = x >= 0 && y >= 0 && x < side && y < side;

            if (!(within && means[y * side + x].weight > most_beside) &&
                colour_beside(means, side, x, y, lab)) {
                add_cell(out, x, y, lab);
            }
        }
    }
}

/* -- a place ----------------------------------------------------------------------------------- */

enum { OUTSIDE = -(1 << 30) };

struct place_offsets { /* of the scene's values, for each column and row of the pattern */
    int column[PATTERN_SPAN], row[PATTERN_SPAN]; /* OUTSIDE: of the scene */
    bool any_outside;
};

/* Returns true if one is outside the scene. */
static bool set_offsets(double from, double length, int side, int limit, int stride, int *out)
{
    bool any_outside = false;

    for (int i = 0; i < side + 2 * PATTERN_RIM; i++) {
        double at = from + (i - PATTERN_RIM + 0.5) * length / side;
        bool outside = at < 0 || at >= limit;

        out[i] = outside ? OUTSIDE : (int)at * stride;
        any_outside = any_outside || outside;
    }
    return any_outside;
}

static void find_offsets(const struct place_pattern *pattern, const struct scene_cells *cells,
                         const struct scene_place *place, struct place_offsets *out)
{
    bool columns =
        set_offsets(place->left, place->width, pattern->side, cells->width, 3, out->column);
    bool rows = set_offsets(place->top, place->height, pattern->side, cells->height,
                            cells->width * 3, out->row);

    out->any_outside = columns || rows;
}

/* Returns where a cell is in the scene, negative if it is outside. */
TWICE_INLINE int offset_of(const struct place_pattern *pattern, const struct place_offsets *offsets,
                           int cell)
{
    return offsets->row[pattern->row[cell]] + offsets->column[pattern->column[cell]];
}

/* -- four cells at once ------------------------------------------------------------------------ */

/* The value behind a cell's three is loaded with them, and not used. */
typedef float quad __attribute__((vector_size(16), aligned(4), may_alias));

struct four_cells {
    quad l, a, b;
};

TWICE_INLINE quad quad_at(const float *from)
{
    return *(const quad *)(const void *)from;
}

TWICE_INLINE struct four_cells turn_cells(const quad cell[4])
{
    quad low = __builtin_shufflevector(cell[0], cell[1], 0, 4, 1, 5);
    quad next_low = __builtin_shufflevector(cell[2], cell[3], 0, 4, 1, 5);
    quad high = __builtin_shufflevector(cell[0], cell[1], 2, 6, 3, 7);
    quad next_high = __builtin_shufflevector(cell[2], cell[3], 2, 6, 3, 7);

    return (struct four_cells){ __builtin_shufflevector(low, next_low, 0, 1, 4, 5),
                                __builtin_shufflevector(low, next_low, 2, 3, 6, 7),
                                __builtin_shufflevector(high, next_high, 0, 1, 4, 5) };
}

/* Writes the squared distances of four cells from the cell `first`, of which `last` is the last
 * one: those behind it, and those outside the scene, get values without a meaning. */
TWICE_INLINE void write_squares(const struct place_pattern *pattern, const float *lab,
                                const struct place_offsets *offsets, int first, int last,
                                float out[4])
{
    struct four_cells cells;
    quad loaded[4], l, a, b;

    for (int i = 0; i < 4; i++) {
        int at = offset_of(pattern, offsets, first + i < last ? first + i : last);

        loaded[i] = quad_at(lab + (at < 0 ? 0 : at));
    }
    cells = turn_cells(loaded);
    l = cells.l / 2 - quad_at(pattern->lab[0] + first);
    a = cells.a - quad_at(pattern->lab[1] + first);
    b = cells.b - quad_at(pattern->lab[2] + first);
    *(quad *)(void *)out = l * l + a * a + b * b;
}

/* Returns the sum of the roots, none of which counts more than place_covered. */
TWICE_INLINE double sum_roots(const float square[BLOCK])
{
    float part[PARTS] = { 0 };
    double sum = 0;

    for (int k = 0; k < BLOCK; k += PARTS) {
        for (int j = 0; j < PARTS; j++) {
            float distance = sqrtf(square[k + j]), most = (float)place_covered;

            distance = distance < most ? distance : most;
            part[j] += distance;
        }
    }
    for (int j = 0; j < PARTS; j++) {
        sum += part[j];
    }
    return sum;
}

/* Returns the sum of distances of `count` cells, from the cell `first`. Cells that are outside the
 * scene count as equal. */
TWICE_INLINE double distance_of(const struct place_pattern *pattern,
                                const struct scene_cells *cells,
                                const struct place_offsets *offsets, int first, int count)
{
    float square[BLOCK], missing = first < pattern->inside ? 0 : alike * alike;
    double sum;

    for (int k = 0; k < count; k += 4) {
        write_squares(pattern, cells->lab, offsets, first + k, first + count - 1, square + k);
    }
    for (int k = count; k < BLOCK; k++) {
        square[k] = missing;
    }
    for (int k = 0; offsets->any_outside && k < count; k++) { /* the rim of a product at the edge */
        square[k] = offset_of(pattern, offsets, first + k) < 0 ? missing : square[k];
    }
    sum = sum_roots(square);
    return first < pattern->inside ? sum : (double)alike * BLOCK - sum;
}

/* Adds distances until the sum exceeds the limit. */
TWICE_INLINE void add_distances_any(const struct place_pattern *pattern,
                                    const struct scene_cells *cells,
                                    const struct place_offsets *offsets, double limit, double *sum)
{
    for (int i = 0, end; i < pattern->count && *sum <= limit; i = end) {
        int last = i < pattern->inside ? pattern->inside : pattern->count;

        end = i + BLOCK < last ? i + BLOCK : last;
        *sum += distance_of(pattern, cells, offsets, i, end - i);
    }
}

COMPILED_TWICE(add_distances,
               (const struct place_pattern *pattern, const struct scene_cells *cells,
                const struct place_offsets *offsets, double limit, double *sum),
               (pattern, cells, offsets, limit, sum))

double place_pattern_cost(const struct place_pattern *pattern, const struct scene_cells *cells,
                          const struct scene_place *place, double most)
{
    double sum = 0, limit = most * pattern->inside;
    struct place_offsets offsets;

    find_offsets(pattern, cells, place, &offsets);
    add_distances(pattern, cells, &offsets, limit, &sum);
    return sum <= limit && pattern->inside > 0 ? sum / pattern->inside : most;
}

struct shown_sums { /* over the scene's cells inside the product */
    double lab[4];  /* the last one is not used */
    double pair[2]; /* of squares, and of products with the pattern */
};

typedef double two __attribute__((vector_size(16), aligned(8), may_alias));
typedef double four __attribute__((vector_size(32), aligned(8), may_alias));

/* Adds four cells one after the other, each as a vector of its values. */
TWICE_INLINE void add_shown(const struct place_pattern *pattern, const quad loaded[4], int first,
                            int count, struct shown_sums *sums)
{
    struct four_cells at = turn_cells(loaded);
    quad squares = at.l * at.l + at.a * at.a + at.b * at.b;
    quad products = 2 * quad_at(pattern->lab[0] + first) * at.l +
                    quad_at(pattern->lab[1] + first) * at.a +
                    quad_at(pattern->lab[2] + first) * at.b;

    for (int i = 0; i < count; i++) {
        *(four *)sums->lab += __builtin_convertvector(loaded[i], four);
        *(two *)sums->pair += (two){ squares[i], products[i] };
    }
}

TWICE_INLINE void sum_shown_any(const struct place_pattern *pattern,
                                const struct scene_cells *cells,
                                const struct place_offsets *offsets, struct shown_sums *sums)
{
    for (int i = 0; i < pattern->inside; i += 4) {
        int left = pattern->inside - i;
        quad loaded[4];

        for (int k = 0; k < 4; k++) {
            loaded[k] = quad_at(cells->lab + offset_of(pattern, offsets, k < left ? i + k : i));
        }
        if (left >= 4) {
            add_shown(pattern, loaded, i, 4, sums);
        } else {
            add_shown(pattern, loaded, i, left, sums);
        }
    }
}

COMPILED_TWICE(sum_shown,
               (const struct place_pattern *pattern, const struct scene_cells *cells,
                const struct place_offsets *offsets, struct shown_sums *sums),
               (pattern, cells, offsets, sums))

double place_pattern_correlation(const struct place_pattern *pattern,
                                 const struct scene_cells *cells, const struct scene_place *place)
{
    struct shown_sums sums = { { 0 }, { 0 } };
    double ones = pattern->squares, others, both;
    struct place_offsets offsets;

    find_offsets(pattern, cells, place, &offsets);
    sum_shown(pattern, cells, &offsets, &sums);
    others = sums.pair[0];
    both = sums.pair[1];
    for (int c = 0; c < 3 && pattern->inside > 0; c++) {
        ones -= pattern->sum[c] * pattern->sum[c] / pattern->inside;
        others -= sums.lab[c] * sums.lab[c] / pattern->inside;
        both -= pattern->sum[c] * sums.lab[c] / pattern->inside;
    }
    return ones > 0 && others > 0 ? both / sqrt(ones * others) : 0;
}

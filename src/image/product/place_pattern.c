/* place_pattern.c - reads a product as cells, and compares them with the cells of a scene. Compiled
 * without errno of mathematical functions, so that the loops over cells use vectors. */
#include "image/product/place_pattern.h"

#include <math.h>

enum { BLOCK = 32 /* cells that are compared at once */, PARTS = 8 };

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

struct place_offsets { /* of the scene's values, for each column and row of the pattern */
    int column[PATTERN_SPAN], row[PATTERN_SPAN]; /* -1: outside the scene */
};

static void set_offsets(double from, double length, int side, int limit, int stride, int *out)
{
    for (int i = 0; i < side + 2 * PATTERN_RIM; i++) {
        double at = from + (i - PATTERN_RIM + 0.5) * length / side;

        out[i] = at < 0 || at >= limit ? -1 : (int)at * stride;
    }
}

static void find_offsets(const struct place_pattern *pattern, const struct scene_cells *cells,
                         const struct scene_place *place, struct place_offsets *out)
{
    set_offsets(place->left, place->width, pattern->side, cells->width, 3, out->column);
    set_offsets(place->top, place->height, pattern->side, cells->height, cells->width * 3,
                out->row);
}

/* Returns the sum of distances of `count` cells, from the cell `first`. Cells that are outside the
 * scene count as equal. */
static double distance_of(const struct place_pattern *pattern, const struct scene_cells *cells,
                          const struct place_offsets *offsets, int first, int count)
{
    float square[BLOCK], part[PARTS] = { 0 };
    bool product = first < pattern->inside;
    double sum = 0;

    for (int k = 0; k < BLOCK; k++) {
        square[k] = product ? 0 : alike * alike;
    }
    for (int k = 0; k < count; k++) {
        int i = first + k, x = offsets->column[pattern->column[i]];
        int y = offsets->row[pattern->row[i]];

        if (x >= 0 && y >= 0) { /* the rim of a product at the edge is not */
            const float *at = cells->lab + y + x;
            float l = at[0] / 2 - pattern->lab[0][i], a = at[1] - pattern->lab[1][i];
            float b = at[2] - pattern->lab[2][i];

            square[k] = l * l + a * a + b * b;
        }
    }
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
    return product ? sum : (double)alike * BLOCK - sum;
}

double place_pattern_cost(const struct place_pattern *pattern, const struct scene_cells *cells,
                          const struct scene_place *place, double most)
{
    double sum = 0, limit = most * pattern->inside;
    struct place_offsets offsets;

    find_offsets(pattern, cells, place, &offsets);
    for (int i = 0, end; i < pattern->count && sum <= limit; i = end) {
        int last = i < pattern->inside ? pattern->inside : pattern->count;

        end = i + BLOCK < last ? i + BLOCK : last;
        sum += distance_of(pattern, cells, &offsets, i, end - i);
    }
    return sum <= limit && pattern->inside > 0 ? sum / pattern->inside : most;
}

double place_pattern_correlation(const struct place_pattern *pattern,
                                 const struct scene_cells *cells, const struct scene_place *place)
{
    double others = 0, both = 0, ones = pattern->squares, sum[3] = { 0 };
    struct place_offsets offsets;

    find_offsets(pattern, cells, place, &offsets);
    for (int i = 0; i < pattern->inside; i++) {
        const float *at =
            cells->lab + offsets.row[pattern->row[i]] + offsets.column[pattern->column[i]];
        float square = at[0] * at[0] + at[1] * at[1] + at[2] * at[2];
        float product = 2 * pattern->lab[0][i] * at[0] + pattern->lab[1][i] * at[1] +
                        pattern->lab[2][i] * at[2];

        for (int c = 0; c < 3; c++) {
            sum[c] += at[c];
        }
        others += square;
        both += product;
    }
    for (int c = 0; c < 3 && pattern->inside > 0; c++) {
        ones -= pattern->sum[c] * pattern->sum[c] / pattern->inside;
        others -= sum[c] * sum[c] / pattern->inside;
        both -= pattern->sum[c] * sum[c] / pattern->inside;
    }
    return ones > 0 && others > 0 ? both / sqrt(ones * others) : 0;
}

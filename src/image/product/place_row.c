/* place_row.c - compares a pattern with many places at once, since their cells are beside each
 * other. The loops are written once and compiled twice: for the baseline processor and for AVX2. */
#include "image/product/place_row.h"

#include <math.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

enum { CHECKED = 16 /* cells between two looks at the limit */ };

void row_pattern_set(const struct place_pattern *pattern, double width, double height,
                     struct row_pattern *out)
{
    out->pattern = pattern;
    for (int i = 0; i < pattern->side + 2 * PATTERN_RIM; i++) {
        double at = (i - PATTERN_RIM + 0.5) / pattern->side;

        out->column[i] = (int)floor(at * width);
        out->row[i] = (int)floor(at * height);
    }
}

/* Returns true if no sum can get below the limit any more. */
INLINE bool all_exceed(const float *sum, int count, float limit)
{
    float least = sum[0];

    for (int j = 1; j < count; j++) {
        least = sum[j] < least ? sum[j] : least;
    }
    return least > limit;
}

/* Adds the distances of cell `i`, which is at `cells` for the first place. `sign` is 1 for a cell
 * of the product, -1 for one beside it. */
INLINE void add_cell(const struct place_pattern *pattern, int i, const float *cells,
                     ptrdiff_t plane, float sign, int count, float *restrict sum)
{
    const float *restrict lightness = cells, *restrict red = cells + plane;
    const float *restrict yellow = red + plane;
    float l = pattern->lab[0][i], a = pattern->lab[1][i], b = pattern->lab[2][i];
    float most = (float)place_covered, first = sign < 0 ? most : 0;

    for (int j = 0; j < count; j++) {
        float dl = lightness[j] / 2 - l, da = red[j] - a, db = yellow[j] - b;
        float distance = sqrtf(dl * dl + da * da + db * db);

        distance = distance < most ? distance : most;
        sum[j] += first + sign * distance;
    }
}

INLINE void add_cells(const struct row_pattern *row, const struct coarse_grid *grid, int left,
                      int count, int top, float limit, float *restrict sum)
{
    const struct place_pattern *pattern = row->pattern;

    memset(sum, 0, (size_t)count * sizeof *sum);
    for (int i = 0; i < pattern->count; i++) {
        int y = top + row->row[pattern->row[i]], x = left + row->column[pattern->column[i]];

        if (y < 0 || y >= grid->height) {
            continue; /* the rim of a product at the edge */
        }
        add_cell(pattern, i, grid->lab + (ptrdiff_t)y * grid->stride + x + COARSE_MARGIN,
                 grid->plane, i < pattern->inside ? 1 : -1, count, sum);
        if (i % CHECKED == CHECKED - 1 && all_exceed(sum, count, limit)) {
            break;
        }
    }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void add_cells_avx2(const struct row_pattern *row,
                                                           const struct coarse_grid *grid, int left,
                                                           int count, int top, float limit,
                                                           float *sum)
{
    add_cells(row, grid, left, count, top, limit, sum);
}
#endif

void row_costs(const struct row_pattern *row, const struct coarse_grid *grid, int left, int count,
               int top, float limit, float *out)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        add_cells_avx2(row, grid, left, count, top, limit, out);
        return;
    }
#endif
    add_cells(row, grid, left, count, top, limit, out);
}

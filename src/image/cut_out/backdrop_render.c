/* backdrop_render.c - the function's value at each pixel. A row is a polynomial in x alone. */
#include <string.h>

#include "image/cut_out/backdrop.h"
#include "image/twice.h"

/* Four pixels of three channels, as they are stored, fill whole vectors. */
enum { GROUP = 4, VALUES = 3 * GROUP, DEGREE_MAX = 4 };

struct row {
    double terms[DEGREE_MAX + 1][VALUES]; /* of each power of x, for each value of a group */
};

typedef double four __attribute__((vector_size(32)));
typedef int64_t four_masks __attribute__((vector_size(32)));
typedef int32_t four_ints __attribute__((vector_size(16)));
typedef int16_t four_shorts __attribute__((vector_size(8)));

/* `at` holds the place in the row of each value, from -1 to 1. */
TWICE_INLINE void render_four(const struct row *row, int degree, int first, const double *at,
                              int16_t *out)
{
    const four black = { 0 }, white = { 255, 255, 255, 255 };
    four place, term, value;
    four_masks bright;
    four_shorts whole;

    memcpy(&place, at + first, sizeof place);
    memcpy(&value, row->terms[degree] + first, sizeof value);
    for (int k = degree - 1; k >= 0; k--) {
        memcpy(&term, row->terms[k] + first, sizeof term);
        value = term + place * value;
    }
    value = (four)((four_masks)value & ~(four_masks)(value < black));
    bright = (four_masks)(value > white);
    value = (four)(((four_masks)white & bright) | ((four_masks)value & ~bright));
    whole =
        __builtin_convertvector(__builtin_convertvector(value * 16 + 0.5, four_ints), four_shorts);
    memcpy(out + first, &whole, sizeof whole);
}

TWICE_INLINE void render_groups(const struct row *row, int degree, const double *at, int groups,
                                int16_t *out)
{
    for (int g = 0; g < groups; g++, at += VALUES, out += VALUES) {
        render_four(row, degree, 0, at, out);
        render_four(row, degree, 4, at, out);
        render_four(row, degree, 8, at, out);
    }
}

TWICE_INLINE void render_row_any(const struct row *row, int degree, const double *at, int groups,
                                 int16_t *out)
{
    if (degree == 2) {
        render_groups(row, 2, at, groups, out);
    } else {
        render_groups(row, DEGREE_MAX, at, groups, out);
    }
}

COMPILED_TWICE(render_row,
               (const struct row *row, int degree, const double *at, int groups, int16_t *out),
               (row, degree, at, groups, out))

/* Computes the polynomial in x of the row at v, from -1 to 1. */
static void make_row(const struct backdrop *backdrop, double v, struct row *out)
{
    double powers[DEGREE_MAX + 1] = { 1, v, v * v }, terms[3][DEGREE_MAX + 1] = { { 0 } };
    int at = 0;

    powers[3] = powers[2] * v;
    powers[4] = powers[3] * v;
    for (int total = 0; total <= backdrop->degree; total++) {
        for (int i = 0; i <= total; i++, at++) {
            for (int c = 0; c < 3; c++) {
                terms[c][total - i] += backdrop->terms[c][at] * powers[i];
            }
        }
    }
    for (int k = 0; k <= DEGREE_MAX; k++) {
        for (int i = 0; i < VALUES; i++) {
            out->terms[k][i] = terms[i % 3][k];
        }
    }
}

/* Writes the place in the row, from -1 to 1, of each value. */
static void fill_places(double *at, int width, int groups)
{
    for (int i = 0; i < groups * VALUES; i++) {
        at[i] = 2.0 * (i / 3) / width - 1;
    }
}

void backdrop_render(const struct backdrop *backdrop, int width, int height, int16_t *out)
{
    double at[BACKDROP_EDGE_MAX * 3 + VALUES];
    int groups = (width + GROUP - 1) / GROUP;
    struct row row;

    fill_places(at, width, groups);
    for (int y = 0; y < height; y++) { /* the next row overwrites the end of an incomplete group */
        make_row(backdrop, 2.0 * y / height - 1, &row);
        render_row(&row, backdrop->degree, at, groups, out + (size_t)y * (size_t)width * 3);
    }
}

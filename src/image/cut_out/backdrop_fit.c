/* backdrop_fit.c - robust least squares: samples far from the function lose their weight. */
#include "image/cut_out/backdrop_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/twice.h"

enum { ROUNDS = 5, LANES = 4, COLUMNS = BACKDROP_TERMS + 3 };

typedef double four __attribute__((vector_size(32), aligned(8), may_alias));

static const double min_noise = 0.5; /* rounding, in levels */

static int terms_of(int degree)
{
    return (degree + 1) * (degree + 2) / 2;
}

/* Writes 1, x, y, x^2, xy, y^2, ... */
static void powers(double x, double y, int degree, double *out)
{
    double xs[5] = { 1 }, ys[5] = { 1 };
    int at = 0;

    for (int i = 1; i <= degree; i++) {
        xs[i] = xs[i - 1] * x;
        ys[i] = ys[i - 1] * y;
    }
    for (int total = 0; total <= degree; total++) {
        for (int i = 0; i <= total; i++) {
            out[at++] = xs[total - i] * ys[i];
        }
    }
}

static void fill_values(struct backdrop_sample *sample, int degree)
{
    int n = terms_of(degree);

    memset(sample->values, 0, sizeof sample->values);
    powers(sample->x, sample->y, degree, sample->values);
    for (int c = 0; c < 3; c++) {
        sample->values[n + c] = sample->value[c];
    }
}

/* -- the system of equations ------------------------------------------------------------------- */

/* Solves a symmetric system by elimination with pivots. Returns false if it is singular. */
static bool solve(double a[BACKDROP_TERMS][COLUMNS], int n)
{
    for (int k = 0; k < n; k++) {
        int best = k;

        for (int i = k + 1; i < n; i++) {
            best = fabs(a[i][k]) > fabs(a[best][k]) ? i : best;
        }
        if (fabs(a[best][k]) < 1e-9) {
            return false;
        }
        for (int j = 0; j < COLUMNS; j++) {
            double other = a[k][j];

            a[k][j] = a[best][j];
            a[best][j] = other;
        }
        for (int i = 0; i < n; i++) {
            double factor = i == k ? 0 : a[i][k] / a[k][k];

            for (int j = k; factor != 0 && j < COLUMNS; j++) {
                a[i][j] -= factor * a[k][j];
            }
        }
    }
    return true;
}

/* Adds the products of each term with itself, the terms behind it, and the channels. Starts at the
 * vector that holds the term: the other sums of that vector are not used. */
TWICE_INLINE void add_products(const struct backdrop_sample *sample, int n,
                               double sums[BACKDROP_TERMS][BACKDROP_VALUES])
{
    for (int i = 0; i < n; i++) {
        double weighted = sample->weight * sample->values[i];

        for (int j = i / LANES * LANES; j < n + 3; j += LANES) {
            *(four *)&sums[i][j] += weighted * *(const four *)&sample->values[j];
        }
    }
}

TWICE_INLINE void sum_products_any(const struct backdrop_sample *samples, int count, int n,
                                   double sums[BACKDROP_TERMS][BACKDROP_VALUES])
{
    for (int s = 0; s < count; s++) {
        if (samples[s].weight > 0 && n == BACKDROP_TERMS) {
            add_products(&samples[s], BACKDROP_TERMS, sums);
        } else if (samples[s].weight > 0) {
            add_products(&samples[s], n, sums);
        }
    }
}

COMPILED_TWICE(sum_products,
               (const struct backdrop_sample *samples, int count, int n,
                double sums[BACKDROP_TERMS][BACKDROP_VALUES]),
               (samples, count, n, sums))

static void fit_once(const struct backdrop_sample *samples, int count, struct backdrop *out)
{
    double sums[BACKDROP_TERMS][BACKDROP_VALUES] = { { 0 } };
    double a[BACKDROP_TERMS][COLUMNS] = { { 0 } };
    int n = terms_of(out->degree);

    sum_products(samples, count, n, sums);
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
            a[i][j] = j < i ? sums[j][i] : sums[i][j];
        }
        for (int c = 0; c < 3; c++) {
            a[i][BACKDROP_TERMS + c] = sums[i][n + c];
        }
    }
    for (int i = 3; i < n; i++) {
        a[i][i] += 1e-4 * count; /* curvature needs evidence */
    }
    if (!solve(a, n)) {
        return;
    }
    memset(out->terms, 0, sizeof out->terms);
    for (int c = 0; c < 3; c++) {
        for (int i = 0; i < n; i++) {
            out->terms[c][i] = a[i][BACKDROP_TERMS + c] / a[i][i];
        }
    }
}

/* -- residuals --------------------------------------------------------------------------------- */

/* Returns the largest difference of a channel. `terms` holds those of the channels side by side. */
TWICE_INLINE double residual_of(double terms[BACKDROP_TERMS][LANES], int n,
                                const struct backdrop_sample *sample)
{
    double worst = 0;
    four value = { 0 };

    for (int i = 0; i < n; i++) {
        value += *(const four *)terms[i] * sample->values[i];
    }
    for (int c = 0; c < 3; c++) {
        double difference = fabs(sample->value[c] - value[c]);

        worst = difference > worst ? difference : worst;
    }
    return worst;
}

TWICE_INLINE void residuals_any(double terms[BACKDROP_TERMS][LANES], int n,
                                const struct backdrop_sample *samples, int count, float *out)
{
    for (int i = 0; i < count; i++) {
        out[i] = (float)residual_of(terms, n, &samples[i]);
    }
}

COMPILED_TWICE(residuals,
               (double terms[BACKDROP_TERMS][LANES], int n, const struct backdrop_sample *samples,
                int count, float *out),
               (terms, n, samples, count, out))

static void put_side_by_side(const struct backdrop *backdrop, double out[BACKDROP_TERMS][LANES])
{
    for (int i = 0; i < BACKDROP_TERMS; i++) {
        for (int lane = 0; lane < LANES; lane++) {
            out[i][lane] = lane < 3 ? backdrop->terms[lane][i] : 0;
        }
    }
}

double backdrop_residual(const struct backdrop *backdrop, const struct backdrop_sample *sample)
{
    double terms[BACKDROP_TERMS][LANES];
    struct backdrop_sample filled = *sample;

    put_side_by_side(backdrop, terms);
    fill_values(&filled, backdrop->degree);
    return residual_of(terms, terms_of(backdrop->degree), &filled);
}

/* Returns the value that would be at `place` if the values were sorted. Changes their order. */
static float nth_value(float *values, int count, int place)
{
    int low = 0, high = count - 1;

    while (low < high) {
        float pivot = values[low + (high - low) / 2];
        int left = low, right = high;

        while (left <= right) {
            while (values[left] < pivot) {
                left++;
            }
            while (values[right] > pivot) {
                right--;
            }
            if (left <= right) {
                float value = values[left];

                values[left++] = values[right];
                values[right--] = value;
            }
        }
        if (place <= right) {
            high = right;
        } else if (place >= left) {
            low = left;
        } else {
            break;
        }
    }
    return values[place];
}

bool backdrop_fit(struct backdrop_sample *samples, int count, struct backdrop *out)
{
    float *sizes = malloc((size_t)count * sizeof *sizes), *sorted;
    int n = terms_of(out->degree);

    sorted = sizes ? malloc((size_t)count * sizeof *sorted) : NULL;
    if (!sorted) {
        free(sizes);
        return false;
    }
    for (int i = 0; i < count; i++) {
        samples[i].weight = 1;
        fill_values(&samples[i], out->degree);
    }
    for (int round = 0; round < ROUNDS; round++) {
        double terms[BACKDROP_TERMS][LANES], median;

        fit_once(samples, count, out);
        put_side_by_side(out, terms);
        residuals(terms, n, samples, count, sizes);
        memcpy(sorted, sizes, (size_t)count * sizeof *sorted);
        /* The largest of three channels' residuals has a median of 1.27 standard deviations. */
        median = fmax(nth_value(sorted, count, count / 2) / 1.27, min_noise);
        out->noise = median;
        for (int i = 0; i < count; i++) {
            double r = sizes[i] / (4 * median);

            samples[i].weight = r < 1 ? (float)((1 - r * r) * (1 - r * r)) : 0;
        }
    }
    free(sizes);
    free(sorted);
    return true;
}

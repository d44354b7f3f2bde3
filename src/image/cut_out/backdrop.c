/* backdrop.c - robust least squares: samples far from the function lose their weight. */
#include "image/cut_out/backdrop.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 5, MAX_SAMPLES = 6000, MIN_SAMPLES = 200 };

/* Share of the outermost pixels that may differ: dust. More: the product touches the edge, or the
 * photo shows a scene. */
static const double max_different = 0.005;
/* A border whose pixels scatter more is no plain backdrop, in levels. */
static const double max_noise = 14;
static const double min_noise = 0.5; /* rounding */

struct backdrop_sample {
    float x, y; /* -1 to 1 */
    float value[3];
    float weight;
    double powers[BACKDROP_TERMS]; /* of x and y; set by fit() */
};

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

/* Solves a symmetric system by elimination with pivots. Returns false if it is singular. */
static bool solve(double a[BACKDROP_TERMS][BACKDROP_TERMS + 3], int n)
{
    for (int k = 0; k < n; k++) {
        int best = k;

        for (int i = k + 1; i < n; i++) {
            best = fabs(a[i][k]) > fabs(a[best][k]) ? i : best;
        }
        if (fabs(a[best][k]) < 1e-9) {
            return false;
        }
        for (int j = 0; j < BACKDROP_TERMS + 3; j++) {
            double other = a[k][j];

            a[k][j] = a[best][j];
            a[best][j] = other;
        }
        for (int i = 0; i < n; i++) {
            double factor = i == k ? 0 : a[i][k] / a[k][k];

            for (int j = k; factor != 0 && j < BACKDROP_TERMS + 3; j++) {
                a[i][j] -= factor * a[k][j];
            }
        }
    }
    return true;
}

static void fit_once(const struct backdrop_sample *samples, int count, struct backdrop *out)
{
    double a[BACKDROP_TERMS][BACKDROP_TERMS + 3] = { { 0 } };
    int n = terms_of(out->degree);

    for (int s = 0; s < count; s++) {
        const double *p = samples[s].powers;

        if (samples[s].weight == 0) {
            continue;
        }
        for (int i = 0; i < n; i++) {
            double weighted = samples[s].weight * p[i];

            for (int j = i; j < n; j++) {
                a[i][j] += weighted * p[j];
            }
            for (int c = 0; c < 3; c++) {
                a[i][BACKDROP_TERMS + c] += weighted * samples[s].value[c];
            }
        }
    }
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < i; j++) {
            a[i][j] = a[j][i];
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

static void value_at(const struct backdrop *backdrop, const double *p, double out[3])
{
    int n = terms_of(backdrop->degree);

    for (int c = 0; c < 3; c++) {
        out[c] = 0;
        for (int i = 0; i < n; i++) {
            out[c] += backdrop->terms[c][i] * p[i];
        }
    }
}

/* The powers of the sample are set. */
static double residual(const struct backdrop *backdrop, const struct backdrop_sample *sample)
{
    double value[3], worst = 0;

    value_at(backdrop, sample->powers, value);
    for (int c = 0; c < 3; c++) {
        worst = fmax(worst, fabs(sample->value[c] - value[c]));
    }
    return worst;
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

/* Fits repeatedly; samples beyond three times the median residual lose their weight. Sets noise
 * from the median. Returns false if memory runs out. */
static bool fit(struct backdrop_sample *samples, int count, struct backdrop *out)
{
    float *sizes = malloc((size_t)count * sizeof *sizes), *sorted;

    sorted = sizes ? malloc((size_t)count * sizeof *sorted) : NULL;
    if (!sorted) {
        free(sizes);
        return false;
    }
    for (int i = 0; i < count; i++) {
        samples[i].weight = 1;
        powers(samples[i].x, samples[i].y, out->degree, samples[i].powers);
    }
    for (int round = 0; round < ROUNDS; round++) {
        double median;

        fit_once(samples, count, out);
        for (int i = 0; i < count; i++) {
            sizes[i] = (float)residual(out, &samples[i]);
        }
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

static void take(const struct image *image, int x, int y, struct backdrop_sample *out)
{
    const uint8_t *p =
        image->pixels + ((size_t)y * (size_t)image->width + (size_t)x) * (size_t)image->channels;

    out->x = (float)(2.0 * x / image->width - 1);
    out->y = (float)(2.0 * y / image->height - 1);
    for (int c = 0; c < 3; c++) {
        out->value[c] = p[c];
    }
}

/* Takes every `step`-th pixel of the border, `depth` pixels deep. */
static int take_border(const struct image *image, int depth, int step,
                       struct backdrop_sample *samples)
{
    int count = 0;

    for (int y = 0; y < image->height; y++) {
        bool inner = y >= depth && y < image->height - depth;

        for (int x = y % step; x < image->width; x += step) {
            if (inner && x >= depth && x < image->width - depth) {
                continue;
            }
            if (count < MAX_SAMPLES) {
                take(image, x, y, &samples[count++]);
            }
        }
    }
    return count;
}

/* Returns false if too many of the outermost pixels differ from the function. */
static bool edge_is_plain(const struct image *image, const struct backdrop *backdrop)
{
    int different = 0, count = 0;

    for (int y = 0; y < image->height; y++) {
        int step = y == 0 || y == image->height - 1 ? 1 : image->width - 1;

        for (int x = 0; x < image->width; x += step, count++) {
            struct backdrop_sample sample;

            take(image, x, y, &sample);
            powers(sample.x, sample.y, backdrop->degree, sample.powers);
            different += residual(backdrop, &sample) > fmax(10, 5 * backdrop->noise);
        }
    }
    return different <= fmax(2, max_different * count);
}

bool backdrop_fit_border(const struct image *image, struct backdrop *out, const char **why_not)
{
    struct backdrop_sample *samples = malloc(MAX_SAMPLES * sizeof *samples);
    int depth = (image->width < image->height ? image->width : image->height) / 40 + 2;
    int step = 2 * (image->width + image->height) * depth / MAX_SAMPLES + 1, count;
    bool good;

    *out = (struct backdrop){ .degree = 2 };
    *why_not = "not enough memory";
    if (!samples) {
        return false;
    }
    count = take_border(image, depth, step, samples);
    good = fit(samples, count, out);
    free(samples);
    if (!good) {
        return false;
    }
    *why_not = "its background is not plain";
    if (out->noise > max_noise) {
        return false;
    }
    *why_not = "its background is not plain, or the product touches the edge";
    return edge_is_plain(image, out);
}

int backdrop_sample_step(const struct image *image)
{
    int step = image->width * image->height / MAX_SAMPLES + 1;

    return step | 1; /* not a divisor of the usual widths: samples from all columns */
}

void backdrop_refine(const struct image *image, const uint8_t *use, struct backdrop *out)
{
    struct backdrop_sample *samples = malloc(MAX_SAMPLES * sizeof *samples);
    struct backdrop finer = { .degree = 4, .noise = out->noise };
    int pixels = image->width * image->height, step = backdrop_sample_step(image), count = 0;

    for (int i = 0; samples && i < pixels && count < MAX_SAMPLES; i += step) {
        if (use[i]) {
            take(image, i % image->width, i / image->width, &samples[count++]);
        }
    }
    if (count >= MIN_SAMPLES && fit(samples, count, &finer)) {
        *out = finer;
    }
    free(samples);
}

/* Four pixels at once, with the operations of a single one. */
typedef double four_pixels __attribute__((vector_size(32)));

/* Writes one row of the function, which is a polynomial in x alone there. Returns its end. */
static int16_t *render_row(const double row[3][5], int width, int16_t *out)
{
    for (int x = 0; x < width; x += 4) {
        int count = width - x < 4 ? width - x : 4;
        four_pixels u = { x, x + 1, x + 2, x + 3 };

        u = 2.0 * u / width - 1;
        for (int c = 0; c < 3; c++) {
            const double *k = row[c];
            four_pixels value = k[0] + u * (k[1] + u * (k[2] + u * (k[3] + u * k[4])));

            for (int i = 0; i < count; i++) {
                double one = value[i] < 0 ? 0 : value[i] > 255 ? 255 : value[i];

                out[i * 3 + c] = (int16_t)(one * 16 + 0.5);
            }
        }
        out += count * 3;
    }
    return out;
}

void backdrop_render(const struct backdrop *backdrop, int width, int height, int16_t *out)
{
    for (int y = 0; y < height; y++) {
        double v = 2.0 * y / height - 1, row[3][5] = { { 0 } }, vs[5] = { 1, v, v * v };
        int at = 0;

        vs[3] = vs[2] * v;
        vs[4] = vs[3] * v;
        for (int total = 0; total <= backdrop->degree; total++) {
            for (int i = 0; i <= total; i++, at++) {
                for (int c = 0; c < 3; c++) {
                    row[c][total - i] += backdrop->terms[c][at] * vs[i];
                }
            }
        }
        out = render_row(row, width, out);
    }
}

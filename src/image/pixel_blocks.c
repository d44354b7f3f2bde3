/* pixel_blocks.c - finds a grid by the places of edges. */
#include "image/pixel_blocks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PERIOD = 16, ROWS = 200 };

/* Sums the differences of neighbours by the remainder of their place for each period. Returns how
 * much they are concentrated on one remainder: 0 = evenly, 1 = all, at the worst period. */
static double concentration(const double *sums, int count)
{
    double worst = 0;

    for (int period = 2; period <= MAX_PERIOD && period * 8 < count; period++) {
        double by_remainder[MAX_PERIOD] = { 0 }, total = 0, largest = 0;

        for (int i = 0; i < count; i++) {
            by_remainder[i % period] += sums[i];
            total += sums[i];
        }
        for (int i = 0; i < period; i++) {
            largest = fmax(largest, by_remainder[i]);
        }
        if (total > 0) {
            worst = fmax(worst, (largest * period / total - 1) / (period - 1));
        }
    }
    return worst;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Caps the sums at the largest but 5 %: single outlines, which lie on some grid, do not count.
 * Returns false if memory runs out. */
static bool cap(double *sums, int count)
{
    double *sorted = malloc((size_t)count * sizeof *sorted), most;

    if (!sorted) {
        return false;
    }
    memcpy(sorted, sums, (size_t)count * sizeof *sorted);
    qsort(sorted, (size_t)count, sizeof *sorted, by_size);
    most = sorted[count - 1 - count / 20];
    free(sorted);
    for (int i = 0; i < count; i++) {
        sums[i] = fmin(sums[i], most);
    }
    return true;
}

/* Adds up differences between column x and x + 1 (or rows) over lines across. */
static double measure(const struct image *image, bool columns, double *sums)
{
    int length = columns ? image->width : image->height;
    int lines = columns ? image->height : image->width, step = lines / ROWS + 1;
    size_t stride = (size_t)image->width * (size_t)image->channels;
    size_t along = columns ? (size_t)image->channels : stride;
    size_t across = columns ? stride : (size_t)image->channels;

    for (int i = 0; i + 1 < length; i++) {
        sums[i] = 0;
        for (int line = 0; line < lines; line += step) {
            const uint8_t *p = image->pixels + (size_t)i * along + (size_t)line * across;
            int difference = abs(p[1] - p[along + 1]);

            sums[i] += difference < 40 ? difference : 40; /* outlines count like details */
        }
    }
    return length > 1 && cap(sums, length - 1) ? concentration(sums, length - 1) : 0;
}

double pixel_blocks_of(const struct image *image)
{
    int longer = image->width > image->height ? image->width : image->height;
    double *sums = malloc((size_t)longer * sizeof *sums), out = 0;

    if (sums) {
        out = fmin(measure(image, true, sums), measure(image, false, sums));
    }
    free(sums);
    return out;
}

/* -- blocks of JPEG -------------------------------------------------------------------------- */

enum { BLOCK = 8, STEP = 6 /* levels */, WHITE = 250 };

/* A share of steps to which both shares are added, so that a few steps are no blocks. */
static const double few = 0.001;

/* Returns true if the green of `at` and of the next pixel differ by a step that is larger than what
 * is on both sides of it. Distances are in bytes. */
static bool is_step(const uint8_t *at, size_t along)
{
    int step = abs(at[1] - at[along + 1]);
    const uint8_t *before = at - along, *after = at + along;

    return step >= STEP &&
           step >= 2 * (abs(at[1] - before[1]) + abs(after[1] - after[along + 1])) + 2;
}

/* Opaque, and not the white of a background. */
static bool counts(const uint8_t *at, int channels)
{
    return at[1] <= WHITE && (channels < 4 || at[3] == 255);
}

static double step_ratio(const struct image *image, bool columns)
{
    int length = columns ? image->width : image->height;
    int lines = columns ? image->height : image->width, by = lines / ROWS + 1;
    size_t stride = (size_t)image->width * (size_t)image->channels;
    size_t along = columns ? (size_t)image->channels : stride;
    size_t across = columns ? stride : (size_t)image->channels;
    double steps[BLOCK] = { 0 }, pixels[BLOCK] = { 0 }, all_steps = 0, all_pixels = 0, most = 0;
    int border = 0;

    for (int line = 0; line < lines; line += by) {
        const uint8_t *at = image->pixels + (size_t)line * across;

        for (int i = 1; i + 2 < length; i++) {
            const uint8_t *p = at + (size_t)i * along;

            if (counts(p, image->channels)) {
                pixels[i % BLOCK]++;
                steps[i % BLOCK] += is_step(p, along);
            }
        }
    }
    for (int i = 0; i < BLOCK; i++) {
        double share = steps[i] / fmax(pixels[i], 1);

        border = share > most ? i : border;
        most = fmax(share, most);
        all_steps += steps[i];
        all_pixels += pixels[i];
    }
    all_steps -= steps[border];
    all_pixels -= pixels[border];
    return (most + few) / (all_steps / fmax(all_pixels, 1) + few);
}

double pixel_block_steps(const struct image *image)
{
    return fmin(step_ratio(image, true), step_ratio(image, false));
}

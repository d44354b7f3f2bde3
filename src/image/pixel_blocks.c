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

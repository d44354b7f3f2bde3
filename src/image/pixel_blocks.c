/* pixel_blocks.c - finds a grid by the places of edges. */
#include "image/pixel_blocks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PERIOD = 16, ROWS = 200, OUTLINE = 40 /* levels; an outline counts like a detail */ };

/* -- samples ----------------------------------------------------------------------------------- */

enum { WHITE = 250 };

struct sampled_lines { /* rows or columns of the image, at most ROWS of them */
    int length, count;
    uint8_t *green;  /* of each pixel of the lines; to be freed */
    uint8_t *counts; /* behind them; 1: the pixel is opaque, and not the white of a background */
};

/* Reads pixels that are `step` bytes apart into samples that are `next` apart. */
static void read_samples(const uint8_t *from, size_t step, int count, bool has_alpha,
                         const struct sampled_lines *lines, size_t first, size_t next)
{
    uint8_t *green = lines->green + first, *counts = lines->counts + first;

    for (int i = 0; i < count; i++, from += step) {
        green[(size_t)i * next] = from[1];
        counts[(size_t)i * next] = (from[1] <= WHITE) & (!has_alpha || from[3] == 255);
    }
}

/* Returns false if memory runs out. Reads row by row, also for lines that are columns. */
static bool sampled_lines_read(const struct image *image, bool rows, struct sampled_lines *out)
{
    int lines = rows ? image->height : image->width, by = lines / ROWS + 1;
    size_t channels = (size_t)image->channels, stride = (size_t)image->width * channels;
    size_t length = (size_t)(rows ? image->width : image->height);

    *out = (struct sampled_lines){ .length = (int)length, .count = (lines + by - 1) / by };
    out->green = calloc(length * (size_t)out->count, 2);
    if (!out->green) {
        return false;
    }
    out->counts = out->green + length * (size_t)out->count;
    for (int y = 0; y < image->height; y += rows ? by : 1) {
        const uint8_t *from = image->pixels + (size_t)y * stride;

        if (rows) {
            read_samples(from, channels, (int)length, channels == 4, out, (size_t)(y / by) * length,
                         1);
        } else {
            read_samples(from, channels * (size_t)by, out->count, channels == 4, out, (size_t)y,
                         length);
        }
    }
    return true;
}

/* -- repeated pixels --------------------------------------------------------------------------- */

/* Sums the differences of neighbours by the remainder of their place for each period. Returns how
 * much they are concentrated on one remainder: 0 = evenly, 1 = all, at the worst period. */
static double concentration(const double *sums, int count)
{
    double worst = 0;

    for (int period = 2; period <= MAX_PERIOD && period * 8 < count; period++) {
        double by_remainder[MAX_PERIOD] = { 0 }, total = 0, largest = 0;

        for (int first = 0; first < count; first += period) {
            int end = count - first < period ? count - first : period;

            for (int i = 0; i < end; i++) {
                by_remainder[i] += sums[first + i];
                total += sums[first + i];
            }
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

/* Caps the sums at the largest but one in `share`: single outlines, which lie on some grid, do not
 * count. Returns false if memory runs out. */
static bool cap(double *sums, int count, int share)
{
    double *sorted = malloc((size_t)count * sizeof *sorted), most;

    if (!sorted) {
        return false;
    }
    memcpy(sorted, sums, (size_t)count * sizeof *sorted);
    qsort(sorted, (size_t)count, sizeof *sorted, by_size);
    most = sorted[count - 1 - count / share];
    free(sorted);
    for (int i = 0; i < count; i++) {
        sums[i] = fmin(sums[i], most);
    }
    return true;
}

static void add_differences(const uint8_t *green, int count, int *restrict sums)
{
    for (int i = 0; i < count; i++) {
        int difference = abs(green[i] - green[i + 1]);

        sums[i] += difference < OUTLINE ? difference : OUTLINE;
    }
}

/* Adds up differences of neighbours over all lines, and looks for places where they are large.
 * Returns 0 without memory. */
static double repetition(const struct sampled_lines *lines)
{
    int count = lines->length - 1;
    int *whole = calloc((size_t)lines->length, sizeof *whole);
    double *sums = malloc((size_t)lines->length * sizeof *sums), out = 0;

    for (int line = 0; whole && line < lines->count; line++) {
        add_differences(lines->green + (size_t)line * (size_t)lines->length, count, whole);
    }
    for (int i = 0; whole && sums && i < count; i++) {
        sums[i] = whole[i];
    }
    if (whole && sums && count > 0 && cap(sums, count, 20)) {
        out = concentration(sums, count);
    }
    free(whole);
    free(sums);
    return out;
}

/* -- blocks of JPEG -------------------------------------------------------------------------- */

enum { BLOCK = 8, STEP = 6 /* levels */ };

/* A share of steps to which both shares are added, so that a few steps are no blocks. */
static const double few = 0.001;

/* Marks the samples whose green differs from the next one's by a step that is larger than what is
 * on both sides of it. */
static void mark_steps(const uint8_t *green, const uint8_t *counts, int length,
                       uint8_t *restrict out)
{
    for (int i = 1; i + 2 < length; i++) {
        int step = abs(green[i] - green[i + 1]);
        int beside = abs(green[i] - green[i - 1]) + abs(green[i + 1] - green[i + 2]);

        out[i] = counts[i] & (step >= STEP) & (step >= 2 * beside + 2);
    }
}

static void add_marks(const uint8_t *marks, int length, int *restrict sums)
{
    for (int i = 0; i < length; i++) {
        sums[i] += marks[i];
    }
}

/* The first sample of a line and its last two lack a neighbour. */
static void leave_out_ends(const struct sampled_lines *lines, uint8_t *counts)
{
    for (int i = 0; i < lines->length; i++) {
        counts[i] = i >= 1 && i + 2 < lines->length ? counts[i] : 0;
    }
}

/* Counts steps at each place of the lines, and the pixels at which one may be. */
static bool count_steps(const struct sampled_lines *lines, int *steps, int *pixels)
{
    uint8_t *marks = calloc((size_t)lines->length, 1);

    for (int line = 0; marks && line < lines->count; line++) {
        size_t first = (size_t)line * (size_t)lines->length;

        leave_out_ends(lines, lines->counts + first);
        mark_steps(lines->green + first, lines->counts + first, lines->length, marks);
        add_marks(marks, lines->length, steps);
        add_marks(lines->counts + first, lines->length, pixels);
    }
    free(marks);
    return marks != NULL;
}

/* Returns how much more frequent steps are at the remainder of places where they are most frequent.
 */
static double ratio_of(const double *steps, const int *pixels, int length)
{
    double by_steps[BLOCK] = { 0 }, by_pixels[BLOCK] = { 0 };
    double all_steps = 0, all_pixels = 0, most = 0;
    int border = 0;

    for (int i = 0; i < length; i++) {
        by_steps[i % BLOCK] += steps[i];
        by_pixels[i % BLOCK] += pixels[i];
    }
    for (int i = 0; i < BLOCK; i++) {
        double share = by_steps[i] / fmax(by_pixels[i], 1);

        border = share > most ? i : border;
        most = fmax(share, most);
        all_steps += by_steps[i];
        all_pixels += by_pixels[i];
    }
    all_steps -= by_steps[border];
    all_pixels -= by_pixels[border];
    return (most + few) / (all_steps / fmax(all_pixels, 1) + few);
}

/* Returns 0 without memory. A straight edge of a product is a step of many lines at one place; the
 * borders of blocks are an eighth of all places, so that their steps count in full. */
static double step_ratio(const struct sampled_lines *lines)
{
    size_t length = (size_t)lines->length;
    int *counts = calloc(length * 2, sizeof *counts);
    double *steps = malloc(length * sizeof *steps), out = 0;

    if (counts && steps && count_steps(lines, counts, counts + length)) {
        for (size_t i = 0; i < length; i++) {
            steps[i] = counts[i];
        }
        out = cap(steps, lines->length, 50) ? ratio_of(steps, counts + length, lines->length) : 0;
    }
    free(counts);
    free(steps);
    return out;
}

/* -- both -------------------------------------------------------------------------------------- */

struct pixel_blocks pixel_blocks_of(const struct image *image)
{
    struct pixel_blocks out = { INFINITY, INFINITY };

    for (int rows = 0; rows < 2; rows++) {
        struct sampled_lines lines;

        if (!sampled_lines_read(image, rows, &lines)) {
            return (struct pixel_blocks){ 0, 0 };
        }
        out.repeated = fmin(out.repeated, repetition(&lines));
        out.steps = fmin(out.steps, step_ratio(&lines));
        free(lines.green);
    }
    return out;
}

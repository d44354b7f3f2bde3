/* check_noise.c - the smoothest parts of a scene are not noisy. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/checks/check_skip.h"

/* SMOOTHEST: share of the blocks, in percent. DARK and BRIGHT: mean levels beyond which noise is
 * clipped. */
enum { BLOCK = 16, SMOOTHEST = 10, LEAST_BLOCKS = 40, DARK = 16, BRIGHT = 239 };

struct strip { /* a row of blocks */
    int width;
    uint8_t *green;                /* BLOCK rows */
    uint16_t *deviations, *lights; /* per column: sums over the inner rows */
};

static bool strip_open(int width, struct strip *out)
{
    size_t columns = (size_t)width;

    *out = (struct strip){ .width = width,
                           .green = malloc(columns * BLOCK),
                           .deviations = malloc(columns * sizeof *out->deviations),
                           .lights = malloc(columns * sizeof *out->lights) };
    return out->green && out->deviations && out->lights;
}

static void strip_close(struct strip *strip)
{
    free(strip->green);
    free(strip->deviations);
    free(strip->lights);
}

/* Adds what the mask of Immerkaer (1996) finds, which planes and edges along the axes do not
 * change.
 */
static void add_row(const uint8_t *up, const uint8_t *row, const uint8_t *down, int width,
                    uint16_t *restrict deviations, uint16_t *restrict lights)
{
    for (int x = 1; x < width - 1; x++) {
        int value = 4 * row[x] - 2 * (row[x - 1] + row[x + 1] + up[x] + down[x]) + up[x - 1] +
                    up[x + 1] + down[x - 1] + down[x + 1];

        deviations[x] = (uint16_t)(deviations[x] + abs(value));
        lights[x] = (uint16_t)(lights[x] + row[x]);
    }
}

static void strip_read(const struct image *image, int top, struct strip *strip)
{
    size_t width = (size_t)strip->width, channels = (size_t)image->channels;

    for (size_t y = 0; y < BLOCK; y++) {
        const uint8_t *p = image->pixels + ((size_t)top + y) * width * channels + 1;

        for (size_t x = 0; x < width; x++) {
            strip->green[y * width + x] = p[x * channels];
        }
    }
    memset(strip->deviations, 0, width * sizeof *strip->deviations);
    memset(strip->lights, 0, width * sizeof *strip->lights);
    for (size_t y = 1; y < BLOCK - 1; y++) {
        const uint8_t *row = strip->green + y * width;

        add_row(row - width, row, row + width, strip->width, strip->deviations, strip->lights);
    }
}

/* Returns the standard deviation of the noise in a block, in levels of green; -1 if it is too dark
 * or too bright to tell. */
static double noise_of_block(const struct strip *strip, int left)
{
    int sum = 0, light = 0;

    for (int x = left + 1; x < left + BLOCK - 1; x++) {
        sum += strip->deviations[x];
        light += strip->lights[x];
    }
    light /= (BLOCK - 2) * (BLOCK - 2);
    return light < DARK || light > BRIGHT
               ? -1
               : sqrt(3.14159265 / 2) * sum / (6.0 * (BLOCK - 2) * (BLOCK - 2));
}

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a, two = *(const double *)b;

    return (one > two) - (one < two);
}

/* Writes the noise of the blocks in which it can be told. Returns their number. */
static int noise_of_blocks(const struct image *image, struct strip *strip, double *out)
{
    int count = 0;

    for (int top = 0; top + BLOCK <= image->height; top += BLOCK) {
        strip_read(image, top, strip);
        for (int left = 0; left + BLOCK <= image->width; left += BLOCK) {
            double of_block = noise_of_block(strip, left);

            if (of_block >= 0) {
                out[count++] = of_block;
            }
        }
    }
    return count;
}

/* Returns the noise of the smoothest blocks; -1 if there are too few, or if memory runs out. */
static double noise_of(const struct image *image)
{
    size_t blocks = (size_t)(image->width / BLOCK) * (size_t)(image->height / BLOCK);
    double *noise = malloc((blocks + 1) * sizeof *noise), out = -1;
    struct strip strip;
    int count = 0;

    if (strip_open(image->width, &strip) && noise) {
        count = noise_of_blocks(image, &strip, noise);
    }
    if (count >= LEAST_BLOCKS) {
        qsort(noise, (size_t)count, sizeof *noise, by_size);
        out = noise[count * SMOOTHEST / 100];
    }
    strip_close(&strip);
    free(noise);
    return out;
}

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    double noise = subject->coverage ? -1 : noise_of(subject->image);

    out->limit = limits[0];
    if (noise < 0) {
        check_skip(out, "the image has too few parts in which noise could be measured");
        return;
    }
    out->measured = noise;
    out->passed = noise <= limits[0];
    snprintf(out->message, sizeof out->message,
             out->passed ? "noise of %.1f levels in the smoothest parts"
                         : "the image is noisy: %.1f levels in its smoothest parts",
             noise);
}

const struct check check_noise = {
    .name = "noise",
    .source = "a scene must look like a photograph; grain of film has up to 5 levels",
    .limits = "maximum standard deviation in the smoothest tenth of the image, in levels",
    .limit_count = 1,
    .of_picture = true,
    .run = run,
};

/* check_noise.c - the smoothest parts of a scene are not noisy. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "image/checks/check_skip.h"

/* SMOOTHEST: share of the blocks, in percent. DARK and BRIGHT: mean levels beyond which noise is
 * clipped. */
enum { BLOCK = 16, SMOOTHEST = 10, LEAST_BLOCKS = 40, DARK = 16, BRIGHT = 239 };

/* Returns the standard deviation of the noise in a block, in levels of green, by the mask of
 * Immerkaer (1996), which planes and edges along the axes do not change; -1 if it is too dark or
 * too bright to tell. */
static double noise_of_block(const struct image *image, int left, int top)
{
    size_t stride = (size_t)image->width * (size_t)image->channels;
    int sum = 0, light = 0;

    for (int y = 1; y < BLOCK - 1; y++) {
        const uint8_t *p = image->pixels + (size_t)(top + y) * stride +
                           (size_t)(left + 1) * (size_t)image->channels + 1;

        for (int x = 1; x < BLOCK - 1; x++, p += image->channels) {
            const uint8_t *up = p - stride, *down = p + stride;
            int next = image->channels;

            sum += abs(4 * p[0] - 2 * (p[-next] + p[next] + up[0] + down[0]) + up[-next] +
                       up[next] + down[-next] + down[next]);
            light += p[0];
        }
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

/* Returns the noise of the smoothest blocks; -1 if there are too few, or if memory runs out. */
static double noise_of(const struct image *image)
{
    int columns = image->width / BLOCK, rows = image->height / BLOCK, count = 0;
    double *noise = malloc((size_t)(columns * rows + 1) * sizeof *noise), out = -1;

    for (int i = 0; noise && i < columns * rows; i++) {
        double of_block = noise_of_block(image, i % columns * BLOCK, i / columns * BLOCK);

        if (of_block >= 0) {
            noise[count++] = of_block;
        }
    }
    if (count >= LEAST_BLOCKS) {
        qsort(noise, (size_t)count, sizeof *noise, by_size);
        out = noise[count * SMOOTHEST / 100];
    }
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

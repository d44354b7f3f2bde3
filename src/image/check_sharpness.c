/* check_sharpness.c - is it in focus? The standard deviation of the Laplacian of green, which a
 * blurred or enlarged image does not have. */
#include <math.h>
#include <stdio.h>

#include "image/check.h"

static void run(const struct check_subject *subject, const double *limits, struct finding *out)
{
    const struct image *image = subject->image;
    size_t channels = (size_t)image->channels, stride = (size_t)image->width * channels;
    int64_t squares = 0, count = 0;

    for (int y = 1; y + 1 < image->height; y++) {
        const uint8_t *row = image->pixels + (size_t)y * stride + 1;

        for (int x = 1; x + 1 < image->width; x++) {
            const uint8_t *p = row + (size_t)x * channels;
            int value = 4 * p[0] - p[-(ptrdiff_t)channels] - p[channels] - p[-(ptrdiff_t)stride] -
                        p[stride];

            squares += value * value;
            count++;
        }
    }
    out->measured = count > 0 ? sqrt((double)squares / (double)count) : 0;
    out->limit = limits[0];
    out->passed = out->measured >= limits[0];
    snprintf(out->says, sizeof out->says,
             out->passed ? "sharpness %.1f" : "the image is blurred (sharpness %.1f)",
             out->measured);
}

const struct check check_sharpness = {
    .name = "sharpness",
    .source = "variance of the Laplacian (Pech-Pacheco et al., 2000)",
    .limits = "least standard deviation of the Laplacian",
    .limit_count = 1,
    .run = run,
};

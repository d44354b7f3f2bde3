/* check_blank.c - is anything to be seen? Measured as the standard deviation of brightness. */
#include <math.h>
#include <stdio.h>

#include "image/check.h"

static void run(const struct check_subject *subject, const double *limits, struct finding *out)
{
    const struct image *image = subject->image;
    size_t count = (size_t)image->width * (size_t)image->height;
    int64_t sum = 0, squares = 0;
    double mean;

    for (size_t i = 0; i < count; i++) {
        const uint8_t *p = image->pixels + i * (size_t)image->channels;
        int brightness = (p[0] * 2 + p[1] * 5 + p[2]) >> 3;

        sum += brightness;
        squares += brightness * brightness;
    }
    mean = (double)sum / (double)count;
    out->measured = sqrt(fmax(0, (double)squares / (double)count - mean * mean));
    out->limit = limits[0];
    out->passed = out->measured >= limits[0];
    snprintf(out->says, sizeof out->says,
             out->passed ? "contrast %.1f" : "the image is blank (contrast %.1f)", out->measured);
}

const struct check check_blank = {
    .name = "blank",
    .source = "models answer with an empty picture now and then",
    .limits = "least standard deviation of brightness, 0 to 127",
    .limit_count = 1,
    .run = run,
};

/* check_alpha.c - is the image opaque? Marketplaces take no transparency. */
#include <stdio.h>

#include "image/check.h"

static void run(const struct check_subject *subject, const double *limits, struct finding *out)
{
    const struct image *image = subject->image;
    size_t count = (size_t)image->width * (size_t)image->height, clear = 0;

    (void)limits;
    for (size_t i = 0; image->channels == 4 && i < count; i++) {
        clear += image->pixels[i * 4 + 3] != 255;
    }
    out->measured = (double)clear * 100 / (double)count;
    out->passed = clear == 0;
    snprintf(out->says, sizeof out->says, "%.2f %% of the pixels are transparent", out->measured);
}

const struct check check_alpha = {
    .name = "alpha",
    .source = "Amazon product image requirements: no transparency",
    .limits = "none",
    .limit_count = 0,
    .run = run,
};

/* check_alpha.c - the image must be opaque: marketplaces accept no transparency. */
#include <stdio.h>

#include "image/checks/check.h"
#include "image/measure.h"

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    const struct image *image = subject->image;
    size_t clear = measure_transparent(image);

    (void)limits;
    out->measured = (double)clear * 100 / ((double)image->width * image->height);
    out->passed = clear == 0;
    snprintf(out->message, sizeof out->message, "%.2f %% of the pixels are transparent",
             out->measured);
}

const struct check check_alpha = {
    .name = "alpha",
    .source = "Amazon product image requirements: no transparency",
    .limits = "none",
    .limit_count = 0,
    .run = run,
};

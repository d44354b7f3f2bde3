/* check_sharpness.c - is it in focus? The standard deviation of the Laplacian of green, which a
 * blurred or enlarged image does not have. */
#include <stdio.h>

#include "image/checks/check.h"
#include "image/measure.h"

static void run(const struct check_subject *subject, const double *limits, struct finding *out)
{
    out->measured = measure_sharpness(subject->image);
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

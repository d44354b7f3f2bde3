/* check_sharpness.c - the image must be in focus, by the standard deviation of the Laplacian of
 * the green channel, which is low in blurred or enlarged images. */
#include <stdio.h>

#include "image/checks/check.h"
#include "image/measure.h"

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    out->measured = measure_sharpness(subject->image);
    out->limit = limits[0];
    out->passed = out->measured >= limits[0];
    snprintf(out->message, sizeof out->message,
             out->passed ? "sharpness %.1f" : "the image is blurred (sharpness %.1f)",
             out->measured);
}

const struct check check_sharpness = {
    .name = "sharpness",
    .source = "variance of the Laplacian (Pech-Pacheco et al., 2000)",
    .limits = "minimum standard deviation of the Laplacian",
    .limit_count = 1,
    .run = run,
};

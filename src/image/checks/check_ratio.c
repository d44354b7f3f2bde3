/* check_ratio.c - the image must have the requested aspect ratio. */
#include <math.h>
#include <stdio.h>

#include "image/checks/check.h"

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    double ratio = (double)subject->image->width / subject->image->height;
    double want = (double)subject->target_width / subject->target_height;

    out->measured = fabs(ratio / want - 1);
    out->limit = limits[0];
    out->passed = out->measured <= limits[0];
    snprintf(out->message, sizeof out->message, "the aspect ratio is %.3f; %.3f is required", ratio,
             want);
}

const struct check check_ratio = {
    .name = "ratio",
    .source = "the requested size",
    .limits = "largest relative difference",
    .limit_count = 1,
    .run = run,
};

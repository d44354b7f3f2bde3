/* check_dimensions.c - the image must have the requested size, within the marketplace's limits. */
#include <stdio.h>

#include "image/checks/check.h"

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    int width = subject->image->width, height = subject->image->height;
    int longer = width > height ? width : height;

    out->measured = longer;
    out->limit = limits[0];
    out->passed = width == subject->target_width && height == subject->target_height &&
                  longer >= limits[0] && longer <= limits[1];
    snprintf(out->message, sizeof out->message, "%d x %d pixels; %d x %d are required", width,
             height, subject->target_width, subject->target_height);
}

const struct check check_dimensions = {
    .name = "dimensions",
    .source = "marketplace limits on the longer side",
    .limits = "minimum and maximum of the longer side, in pixels",
    .limit_count = 2,
    .run = run,
};

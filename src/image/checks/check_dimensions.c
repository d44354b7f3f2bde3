/* check_dimensions.c - are the pixels those that were wanted, and within the marketplace's bounds?
 */
#include <stdio.h>

#include "image/checks/check.h"

static void run(const struct check_subject *subject, const double *limits, struct finding *out)
{
    int width = subject->image->width, height = subject->image->height;
    int longer = width > height ? width : height;

    out->measured = longer;
    out->limit = limits[0];
    out->passed = width == subject->want_width && height == subject->want_height &&
                  longer >= limits[0] && longer <= limits[1];
    snprintf(out->says, sizeof out->says, "%d x %d pixels, %d x %d were wanted", width, height,
             subject->want_width, subject->want_height);
}

const struct check check_dimensions = {
    .name = "dimensions",
    .source = "the marketplaces' smallest and largest longest side",
    .limits = "least longest side in pixels, most longest side in pixels",
    .limit_count = 2,
    .run = run,
};

/* check_fill.c - the product must fill enough of the frame. */
#include <stdio.h>

#include "image/checks/check.h"

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    const struct image *image = subject->image;
    const struct ground *ground = subject->ground;
    double across, down;

    if (!ground || ground->right < ground->left) {
        snprintf(out->message, sizeof out->message, "no product found in the image");
        return;
    }
    across = (double)(ground->right - ground->left + 1) / image->width;
    down = (double)(ground->bottom - ground->top + 1) / image->height;
    out->measured = across > down ? across : down;
    out->limit = limits[0];
    out->passed = out->measured >= limits[0] && across < 1 && down < 1;
    snprintf(out->message, sizeof out->message, "the product fills %.0f %% of the frame",
             out->measured * 100);
}

const struct check check_fill = {
    .name = "fill",
    .source = "Amazon main image: at least 85 % of the frame, not cropped",
    .limits = "minimum share of the frame, in the larger direction, 0 to 1",
    .limit_count = 1,
    .needs_ground = true,
    .run = run,
};

/* check_centred.c - the product must be centred. */
#include <math.h>
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
    across = fabs((ground->left + ground->right + 1) / 2.0 / image->width - 0.5);
    down = fabs((ground->top + ground->bottom + 1) / 2.0 / image->height - 0.5);
    out->measured = across > down ? across : down;
    out->limit = limits[0];
    out->passed = out->measured <= limits[0];
    snprintf(out->message, sizeof out->message, "the product is %.1f %% off centre",
             out->measured * 100);
}

const struct check check_centred = {
    .name = "centred",
    .source = "Amazon product image guidelines",
    .limits = "largest offset from the middle as a share of the side, 0 to 1",
    .limit_count = 1,
    .needs_ground = true,
    .run = run,
};

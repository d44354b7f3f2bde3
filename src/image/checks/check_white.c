/* check_white.c - the background must be pure white. Checks the complete border and every
 * background pixel connected to it, not four corners; in a JPEG, which changes the product's edge,
 * every pixel that the product does not touch. */
#include <stdio.h>

#include "image/checks/check.h"

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    const struct ground *ground = subject->ground;
    int64_t off_white;
    int most;

    if (!ground) {
        snprintf(out->message, sizeof out->message, "not enough memory to check the background");
        return;
    }
    off_white = ground->off_white;
    most = ground->max_off_white;
    if (subject->lossy && subject->coverage) {
        off_white = ground_off_white_uncovered(subject->image, subject->coverage, &most);
    }
    out->measured = most;
    out->limit = limits[0];
    out->passed = most <= limits[0] && ground->count > 0;
    snprintf(out->message, sizeof out->message,
             "%lld pixels of the background are not white (off by up to %d)", (long long)off_white,
             most);
}

const struct check check_white = {
    .name = "white",
    .source = "Amazon main image: RGB 255,255,255 exactly",
    .limits = "largest distance of the background from 255",
    .limit_count = 1,
    .needs_ground = true,
    .run = run,
};

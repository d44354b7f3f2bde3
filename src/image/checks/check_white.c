/* check_white.c - the background must be pure white. Checks the complete border and every
 * background pixel connected to it, not four corners. */
#include <stdio.h>

#include "image/checks/check.h"

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    const struct ground *ground = subject->ground;

    if (!ground) {
        snprintf(out->message, sizeof out->message, "not enough memory to check the background");
        return;
    }
    out->measured = ground->max_off_white;
    out->limit = limits[0];
    out->passed = ground->max_off_white <= limits[0] && ground->count > 0;
    snprintf(out->message, sizeof out->message,
             "%lld pixels of the background are not white (off by up to %d)",
             (long long)ground->off_white, ground->max_off_white);
}

const struct check check_white = {
    .name = "white",
    .source = "Amazon main image: RGB 255,255,255 exactly",
    .limits = "largest distance of the background from 255",
    .limit_count = 1,
    .needs_ground = true,
    .run = run,
};

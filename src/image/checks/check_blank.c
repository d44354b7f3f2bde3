/* check_blank.c - the image must not be blank, by the standard deviation of its brightness. */
#include <stdio.h>

#include "image/checks/check.h"
#include "image/measure.h"

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    out->measured = measure_contrast(subject->image);
    out->limit = limits[0];
    out->passed = out->measured >= limits[0];
    snprintf(out->message, sizeof out->message,
             out->passed ? "contrast %.1f" : "the image is blank (contrast %.1f)", out->measured);
}

const struct check check_blank = {
    .name = "blank",
    .source = "models occasionally return an empty image",
    .limits = "minimum standard deviation of brightness, 0 to 127",
    .limit_count = 1,
    .of_picture = true,
    .run = run,
};

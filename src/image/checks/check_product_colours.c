/* check_product_colours.c - the product has the photo's colours, in the same places. */
#include <math.h>
#include <stdio.h>

#include "image/checks/check_skip.h"

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    const struct product_match *match;
    const char *format = "the colours differ by %.0f (Lab)";

    out->limit = limits[0];
    if (check_lacks_match(subject, out)) {
        return;
    }
    match = &subject->product->match;
    out->measured = match->colour;
    out->passed = match->colour <= limits[0] && fabs(match->lightness) <= limits[1] &&
                  match->differing <= limits[2];
    if (match->colour > limits[0]) {
        format = "the product has other colours than in the photo (%.0f in Lab)";
    } else if (fabs(match->lightness) > limits[1]) {
        format = "the product is much brighter or darker than in the photo (colours %.0f in Lab)";
    } else if (match->differing > limits[2]) {
        format = "a part of the product has other colours than in the photo (on average %.0f)";
    }
    snprintf(out->message, sizeof out->message, format, match->colour);
}

const struct check check_product_colours = {
    .name = "product_colours",
    .source =
        "the product must look like the photo's. Of 50 labelled answers, right ones differ by up "
        "to 13 (more contrast) and 5 in lightness, wrong ones by 51 and 28; a covered part had "
        "0.12 of the product's area",
    .limits =
        "maximum mean Lab distance; maximum mean difference of lightness; largest part of the "
        "product that may differ, 0 to 1",
    .limit_count = 3,
    .needs_photo = true,
    .needs_product = true,
    .run = run,
};

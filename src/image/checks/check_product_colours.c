/* check_product_colours.c - the product has the photo's colours, in the same places. */
#include <math.h>
#include <stdio.h>

#include "image/checks/check_skip.h"

/* 0 is no limit. */
static bool is_above(double measured, double limit)
{
    return limit > 0 && measured > limit;
}

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
                  match->differing <= limits[2] && match->chroma >= limits[3] &&
                  !is_above(match->recoloured, limits[4]) && !is_above(match->tinted, limits[5]);
    if (match->colour > limits[0]) {
        format = "the product has other colours than in the photo (%.0f in Lab)";
    } else if (fabs(match->lightness) > limits[1]) {
        format = "the product is much brighter or darker than in the photo (colours %.0f in Lab)";
    } else if (match->differing > limits[2]) {
        format = "a part of the product has other colours than in the photo (on average %.0f)";
    } else if (match->chroma < limits[3]) {
        format = "the product has lost its colours (%.0f in Lab)";
    } else if (!out->passed) {
        format = "a part of the product has another colour than in the photo (on average %.0f)";
    }
    snprintf(out->message, sizeof out->message, format, match->colour);
}

const struct check check_product_colours = {
    .name = "product_colours",
    .source =
        "the product must look like the photo's. Of 600 labelled answers, right ones differ by up "
        "to 11 (more colour), 19 if turned by 4 degrees, and 5 in lightness, and have 0.85 of the "
        "photo's chroma and more; most wrong ones differ by 23 and more, or 13 in lightness; a "
        "covered part had 0.05 of the product's area. Of 529 right answers, the largest part whose "
        "red became grey, or the like, has 0.003 of the product, of 5 wrong ones 0.016 and more; "
        "with a slightly other hue 0.012 (noise), and 0.46",
    .limits =
        "maximum mean Lab distance; maximum mean difference of lightness; largest part of the "
        "product that may differ, 0 to 1; minimum chroma, of the photo's; largest part whose "
        "strong "
        "colour may be another one, and may be slightly another one, of the product, 0: any",
    .limit_count = 6,
    .of_picture = true,
    .needs_photo = true,
    .needs_product = true,
    .run = run,
};

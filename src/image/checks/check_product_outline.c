/* check_product_outline.c - the product has the outline of the photo's: nothing is cropped, missing
 * or added, and it is no other product. */
#include <stdio.h>

#include "image/checks/check_skip.h"

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    const struct product_match *match;

    out->limit = limits[0];
    if (check_lacks_match(subject, out)) {
        return;
    }
    match = &subject->product->match;
    out->measured = match->overlap;
    out->passed = match->overlap >= limits[0] && match->aspect <= limits[1];
    if (out->passed && limits[2] > 0 && match->absent > limits[2]) {
        out->passed = false;
        out->measured = match->absent;
        out->limit = limits[2];
        snprintf(out->message, sizeof out->message,
                 "a part of the product is missing, or was added (%.1f %%)", match->absent * 100);
        return;
    }
    snprintf(out->message, sizeof out->message,
             out->passed ? "%.0f %% of the outline is the photo's"
                         : "the product has another outline than in the photo (%.0f %% overlap)",
             match->overlap * 100);
}

const struct check check_product_outline = {
    .name = "product_outline",
    .source =
        "Amazon main image: the real product, whole. Of 50 labelled answers, right ones have an "
        "overlap of 0.92 (turned by 4 degrees) and more, wrong ones of 0.77 and less",
    .limits =
        "minimum overlap with the photo's outline, 0 to 1; maximum ratio of the aspect ratios; "
        "largest part that may be missing or added, of the product, 0: any",
    .limit_count = 3,
    .of_picture = true,
    .needs_photo = true,
    .needs_product = true,
    .run = run,
};

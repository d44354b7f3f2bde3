/* check_product_details.c - prints, labels and parts of the product are where the photo shows them:
 * it is not mirrored or turned, and is no variant with another print. */
#include <stdio.h>

#include "image/checks/check_skip.h"

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    static const char *const turns[TURNS] = { "",
                                              "the product is mirrored",
                                              "the product is upside down",
                                              "the product is turned to the left",
                                              "the product is turned to the right",
                                              "the product is mirrored and upside down" };
    const struct product_match *match;

    out->limit = limits[0];
    if (check_lacks_match(subject, out)) {
        return;
    }
    match = &subject->product->match;
    out->measured = match->detail;
    out->passed = match->turn == TURN_NONE && match->detail >= limits[0];
    if (match->turn != TURN_NONE) {
        snprintf(out->message, sizeof out->message, "%s", turns[match->turn]);
    } else {
        snprintf(out->message, sizeof out->message,
                 out->passed ? "details correlate by %.2f"
                             : "the product has other details than in the photo (correlation %.2f)",
                 match->detail);
    }
}

const struct check check_product_details = {
    .name = "product_details",
    .source =
        "the product must look like the photo's. Of 50 labelled answers, right ones correlate by "
        "0.9 and more, 0.7 in perspective, 0.2 if turned by 4 degrees; another print by 0.0",
    .limits = "minimum correlation of details, -1 to 1",
    .limit_count = 1,
    .of_picture = true,
    .needs_photo = true,
    .needs_product = true,
    .run = run,
};

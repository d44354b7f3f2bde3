/* check_product_alone.c - nothing but the product is on the white background: no second product,
 * frame, inset, badge or prop. */
#include <stdio.h>

#include "image/checks/check_skip.h"

/* Of the product. Where its place in the photo was searched for, some cells at the edge of its
 * parts always differ: in labelled answers up to 0.002 of right ones, 0.004 and more of wrong ones.
 */
static const double least_strange = 0.003;

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    const struct check_product *product = subject->product;
    double apart;
    int known;

    out->limit = limits[0];
    if (subject->of_photo) {
        check_skip(out, "the product was cut out of the photo");
        return;
    }
    if (!product || !product->has_view) {
        check_skip(out, "the product's place in the image is not known");
        return;
    }
    /* A product of several parts, such as a pair of shoes, has them in the photo too. */
    known = product->reference.alone ? product->reference.view.pieces : 1;
    apart = product->view.apart;
    if (product->has_match && !product->reference.alone) {
        apart = product->match.strange > least_strange ? product->match.strange : 0;
    }
    out->measured = product->view.pieces > known ? apart : 0;
    out->passed = product->view.pieces <= known || apart <= limits[0];
    snprintf(out->message, sizeof out->message,
             out->passed ? "%d of %d parts are expected"
                         : "something else is beside the product: %d parts, %d expected",
             out->passed ? known : product->view.pieces,
             out->passed ? product->view.pieces : known);
}

const struct check check_product_alone = {
    .name = "product_alone",
    .source = "Amazon main image: no other objects, insets, frames, badges, watermarks",
    .limits = "maximum area of parts that the photo does not show, of the product's",
    .limit_count = 1,
    .of_picture = true,
    .needs_photo = true,
    .needs_product = true,
    .run = run,
};

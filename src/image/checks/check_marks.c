/* check_marks.c - nothing is laid over the product: no watermark, logo, line or sticker. */
#include <stdio.h>

#include "image/checks/check_place.h"
#include "image/checks/check_skip.h"
#include "image/product/product_marks.h"
#include "image/product/product_texture.h"

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    const struct check_product *product = subject->product;
    const struct image *image = subject->image;
    struct pixel_box where;
    double share;

    out->limit = limits[0];
    if (check_lacks_match(subject, out)) {
        return;
    }
    share = product_marks(&product->reference, image,
                          product_box_of(subject->coverage, image->width, image->height),
                          &product->view, &product->match, &where);
    if (share < 0) {
        check_skip(out, "the product is too small in the photo");
        return;
    }
    if (where.right >= where.left) {
        check_place_set(subject, &where, &out->place);
    }
    out->measured = share;
    out->passed = share <= limits[0];
    snprintf(out->message, sizeof out->message,
             out->passed ? "%.1f %% of the product has marks that the photo does not show"
                         : "something is laid over the product: %.1f %% of it has marks that the "
                           "photo does not show",
             share * 100);
}

const struct check check_marks = {
    .name = "marks",
    .source = "Amazon main image: no watermarks, logos or badges",
    .limits = "maximum share of the product with contrast that the photo does not show, 0 to 1",
    .limit_count = 1,
    .of_picture = true,
    .needs_photo = true,
    .needs_product = true,
    .run = run,
};

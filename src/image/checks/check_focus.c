/* check_focus.c - the product is as sharp as in the photo: not blurred, and not enlarged from a few
 * pixels. Compares the Laplacian inside the product at the same size. */
#include <stdio.h>

#include "image/checks/check_skip.h"
#include "image/product/product_texture.h"

enum { LEAST_EDGES = 2 }; /* levels; a plain product has no detail that could be compared */

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    struct product_texture photo, made;
    const struct image *image = subject->image;
    const struct check_product *product = subject->product;

    out->limit = limits[0];
    if (check_lacks_match(subject, out)) {
        return;
    }
    if (!product_textures(&product->reference, image,
                          product_box_of(subject->coverage, image->width, image->height),
                          &product->view, &photo, &made) ||
        photo.edges < LEAST_EDGES) {
        check_skip(out, "the product is too plain or too small in the photo");
        return;
    }
    out->measured = made.edges / photo.edges;
    out->passed = out->measured >= limits[0] && made.noise / (photo.noise + 0.5) <= limits[1];
    snprintf(out->message, sizeof out->message,
             out->passed ? "%.0f %% of the photo's sharpness"
             : out->measured < limits[0]
                 ? "the product is blurred: %.0f %% of the photo's sharpness"
                 : "the image is noisy (sharpness %.0f %%)",
             out->measured * 100);
}

const struct check check_focus = {
    .name = "focus",
    .source =
        "Of 50 labelled answers, right ones have 0.73 of the photo's sharpness and more, those "
        "blurred by a pixel 0.35, enlarged from a quarter 0.18; noise of 3 levels is 1.3 of the "
        "photo's, of 8 levels 2.6",
    .limits = "minimum sharpness and maximum noise, of the photo's",
    .limit_count = 2,
    .needs_photo = true,
    .needs_product = true,
    .run = run,
};

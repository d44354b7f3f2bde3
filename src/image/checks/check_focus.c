/* check_focus.c - the product is as sharp as in the photo: not blurred, and not enlarged from a few
 * pixels. Compares the Laplacian inside the product at the same size. */
#include <stdio.h>

#include "image/checks/check_skip.h"
#include "image/product/product_texture.h"

enum { LEAST_EDGES = 2 }; /* levels; a plain product has no detail that could be compared */

static const double unseen_noise = 1.5; /* levels; added to the photo's, which may have none */

/* Returns the width that the product had in the model's answer, in pixels. */
static int width_in_answer(const struct check_subject *subject, const struct pixel_box *box)
{
    double enlarged = subject->enlarged > 1 ? subject->enlarged : 1;

    return (int)((box->right - box->left + 1) / enlarged);
}

static const char *message_for(const struct product_texture *photo,
                               const struct product_texture *made, const double *limits)
{
    double sharpness = made->edges / photo->edges;

    if (sharpness < limits[0]) {
        return "the product is blurred: %.0f %% of the photo's sharpness";
    }
    if (made->noise / (photo->noise + unseen_noise) > limits[1]) {
        return "the image is noisy (sharpness %.0f %%)";
    }
    return sharpness < limits[2] && made->fine < limits[3]
               ? "the product was enlarged from a smaller image: %.0f %% of the photo's sharpness"
               : NULL;
}

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    struct product_texture photo, made;
    const struct image *image = subject->image;
    const struct check_product *product = subject->product;
    const char *failure;
    struct pixel_box box;

    out->limit = limits[0];
    if (check_lacks_match(subject, out)) {
        return;
    }
    box = product_box_of(subject->coverage, image->width, image->height);
    if (!product_textures(&product->reference, image, box, width_in_answer(subject, &box),
                          &product->view, &photo, &made) ||
        photo.edges < LEAST_EDGES) {
        check_skip(out, "the product is too plain or too small in the photo");
        return;
    }
    failure = message_for(&photo, &made, limits);
    out->measured = made.edges / photo.edges;
    out->passed = !failure;
    snprintf(out->message, sizeof out->message,
             failure ? failure : "%.0f %% of the photo's sharpness", out->measured * 100);
}

const struct check check_focus = {
    .name = "focus",
    .source =
        "Of 500 labelled answers, right ones have 0.7 of the photo's sharpness and more, those "
        "blurred by a pixel 0.35, enlarged from a half 0.33 to 0.5 with a ratio of 0.36 to 0.40 to "
        "their reduced copy; noise of 3 levels is 1.3 of the photo's, of 8 levels 2.6",
    .limits = "minimum sharpness and maximum noise, of the photo's; sharpness below which an image "
              "is taken for enlarged if its details are coarse: minimum ratio to those of a "
              "reduced copy",
    .limit_count = 4,
    .of_picture = true,
    .needs_photo = true,
    .needs_product = true,
    .run = run,
};

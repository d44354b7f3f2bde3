/* check_product_in_scene.c - the scene shows the product of the photo. */
#include <stdio.h>

#include "image/checks/check_skip.h"
#include "image/likeness.h"
#include "image/product/product_search.h"

/* Returns the similarity of the colours of photo and scene, 0 to 1. */
static double likeness_of(const struct check_subject *subject)
{
    struct likeness_fingerprint photo, scene;
    struct likeness likeness = { 0 };
    struct error ignored;

    if (subject->photo && likeness_fingerprint(subject->photo, &photo, &ignored) &&
        likeness_fingerprint(subject->image, &scene, &ignored)) {
        likeness_compare(&photo, &scene, &likeness);
    }
    return likeness.score;
}

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    const struct check_product *product = subject->product;
    struct product_place place = { .distance = 200 };
    double likeness;

    out->limit = limits[0];
    if (!subject->photo) {
        check_skip(out, "the photo cannot be compared");
        return;
    }
    if (product->reference.alone &&
        !product_search(&product->reference.view, subject->image, &place)) {
        check_skip(out, "not enough memory");
        return;
    }
    out->measured = place.distance;
    out->passed = place.distance <= limits[0];
    if (!out->passed) {
        /* A product in another pose, or a photo without a plain background. */
        likeness = likeness_of(subject);
        out->passed = likeness >= (product->reference.alone ? limits[1] : limits[2]);
    }
    snprintf(out->message, sizeof out->message,
             out->passed ? "the product is there (distance %.0f)"
                         : "the product of the photo is not in the image (distance %.0f)",
             place.distance);
}

const struct check check_product_in_scene = {
    .name = "product_in_scene",
    .source =
        "Of 18 labelled scenes, those with the product have distances of 3 to 6, those without of "
        "22 to 55; likeness 0.96 to 0.99, and up to 0.63",
    .limits = "maximum Lab distance of the place that is most like the product; or else minimum "
              "likeness of the colours; the same if the photo's background is not plain",
    .limit_count = 3,
    .needs_photo = true,
    .needs_product = true,
    .run = run,
};

/* check_product_in_scene.c - the scene shows the product of the photo. */
#include <stdio.h>

#include "image/checks/check_skip.h"
#include "image/likeness.h"

#include "image/product/product_recolour.h"
#include "image/product/product_search.h"

/* Largest distance at the place, of the distance around it. */
static const double stands_out = 0.5;

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

/* Returns the mean Lab distance of a copy in the scene, which has the product's details; 0 if it is
 * turned. */
static double distance_of_copy(const struct product_view *product,
                               const struct scene_product *scene)
{
    double sum = 0;
    int count = 0;

    for (int i = 0; product && scene->turn == TURN_NONE && i < VIEW_CELLS; i++) {
        if (product->alpha[i] >= 0.5F) {
            sum += product_view_distance(product, i, &scene->view, i);
            count++;
        }
    }
    return count > 0 ? sum / count : 0;
}

/* The scene has a copy of the product, which must have its colours. */
static void find_copy(const struct check_product *product, const struct product_view *view,
                      double most_recoloured, struct check_finding *out)
{
    const struct scene_product *scene = &product->scene;
    bool comparable = view && product->reference.alone && scene->turn == TURN_NONE;

    out->measured = distance_of_copy(view, scene);
    out->passed = most_recoloured <= 0 || !comparable ||
                  product_recoloured(view, &scene->view) <= most_recoloured;
    snprintf(out->message, sizeof out->message,
             out->passed ? "the product is there (distance %.0f)"
                         : "a part of the product has another colour than in the photo (distance "
                           "%.0f)",
             out->measured);
}

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    struct product_place place = { .distance = 200 };
    const struct product_view *view;
    struct product_view rough;
    double likeness;

    out->limit = limits[0];
    if (!subject->photo) {
        check_skip(out, "the photo cannot be compared");
        return;
    }
    view = product_reference_view(&subject->product->reference, &rough);
    if (subject->product->has_scene && subject->product->scene.known) {
        find_copy(subject->product, view, limits[3], out);
        return;
    }
    if (view && !product_search(view, subject->image, &place)) {
        check_skip(out, "not enough memory");
        return;
    }
    out->measured = place.distance;
    out->passed = place.distance <= limits[0] && place.distance <= place.contrast * stands_out;
    if (!out->passed) {
        /* A product in another pose, or a photo without a plain background. */
        likeness = likeness_of(subject);
        out->passed = likeness >= (view ? limits[1] : limits[2]);
    }
    snprintf(out->message, sizeof out->message,
             out->passed ? "the product is there (distance %.0f)"
                         : "the product of the photo is not in the image (distance %.0f)",
             place.distance);
}

const struct check check_product_in_scene = {
    .name = "product_in_scene",
    .source =
        "Of 60 labelled scenes, those with the product have distances of 3 to 14, at most 0.35 of "
        "those around it; those without have 12 to 55, 0.64 and more; likeness 0.96 to 0.99, and "
        "up "
        "to 0.63",
    .limits =
        "maximum Lab distance of the place that is most like the product; or else minimum "
        "likeness of the colours; the same if the photo's background is not plain; largest part "
        "whose strong colour may be another one, of the product, 0: any",
    .limit_count = 4,
    .of_picture = true,
    .needs_whole = true,
    .needs_photo = true,
    .needs_product = true,
    .needs_scene = true,
    .run = run,
};

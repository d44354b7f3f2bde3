/* check_scene.c - a scene shows the product the right way round, complete and once (scene_product),
 * and as clear as the photo: not blurred, not noisy, with no watermark over it (scene_focus). Both
 * judge scenes with a near copy of the photo's product only: one that is seen from another side has
 * no details that could be compared. */
#include <stdio.h>

#include "image/checks/check_place.h"
#include "image/checks/check_skip.h"
#include "image/product/product_marks.h"
#include "image/product/product_texture.h"

static const char *const turns[TURNS] = { "",
                                          "mirrored",
                                          "upside down",
                                          "turned to the left",
                                          "turned to the right",
                                          "mirrored and upside down" };

static void judge_product(const struct scene_product *scene, const double *limits,
                          struct check_finding *out)
{
    out->passed = false;
    if (scene->turn != TURN_NONE && scene->detail >= scene->upright + limits[0]) {
        snprintf(out->message, sizeof out->message,
                 "the product in the scene is %s (details correlate by %.2f, upright by %.2f)",
                 turns[scene->turn], scene->detail, scene->upright);
    } else if (scene->missing > limits[1]) {
        out->measured = scene->missing;
        snprintf(out->message, sizeof out->message,
                 "a part of the product is missing or covered in the scene (%.0f %%)",
                 scene->missing * 100);
    } else if (scene->second > limits[2]) {
        out->measured = scene->second;
        snprintf(out->message, sizeof out->message,
                 "the scene shows the product twice (details correlate by %.2f)", scene->second);
    } else {
        out->passed = true;
        snprintf(out->message, sizeof out->message,
                 "details correlate by %.2f; %.0f %% is covered; a second one by %.2f",
                 scene->detail, scene->missing * 100, scene->second);
    }
}

static void run_product(const struct check_subject *subject, const double *limits,
                        struct check_finding *out)
{
    const struct check_product *product = subject->product;

    out->limit = limits[0];
    if (!product || !product->has_scene || !product->scene.known) {
        check_skip(out, "the scene shows the product from another side than the photo");
        return;
    }
    out->measured = product->scene.detail;
    judge_product(&product->scene, limits, out);
    if (!out->passed) {
        check_place_set(subject,
                        out->measured == product->scene.second ? &product->scene.second_box
                                                               : &product->scene.box,
                        &out->place);
    }
}

const struct check check_scene_product = {
    .name = "scene_product",
    .source =
        "a buyer must see the product as it is. Of 60 labelled scenes in which the product is "
        "mirrored, turned or there twice, all but those of almost symmetric products differ "
        "by 0.17 and more, or have a second one of 0.78 and more; of 110 right ones none "
        "does",
    .limits = "minimum difference of the correlations of details that shows that the product is "
              "mirrored or turned; largest part that may be covered, 0 to 1; correlation at "
              "another place from which the product is there twice",
    .limit_count = 3,
    .of_picture = true,
    .needs_photo = true,
    .needs_product = true,
    .needs_scene = true,
    .run = run_product,
};

/* -- clear --------------------------------------------------------------------------------------
 */

enum { LEAST_EDGES = 2 }; /* levels; a plain product has no detail that could be compared */

static const double unseen_noise = 1.5; /* levels; added to the photo's, which may have none */

/* Returns why the product is not clear, as a format for *measured; NULL if it is clear. */
static const char *failure_of(const struct check_subject *subject, const double *limits,
                              double *measured, double *marks)
{
    const struct check_product *product = subject->product;
    const struct scene_product *scene = &product->scene;
    const struct product_match match = { .detail = scene->detail };
    struct product_texture photo, made;
    struct pixel_box where;

    *marks = product_marks(&product->reference, subject->image, scene->box, &scene->view, &match,
                           &where);
    if (product_textures(&product->reference, subject->image, scene->box,
                         scene->box.right - scene->box.left + 1, &scene->view, &photo, &made) &&
        photo.edges >= LEAST_EDGES) {
        *measured = made.edges / photo.edges;
        if (*measured < limits[0]) {
            return "the product in the scene is blurred: %.2f of the photo's sharpness";
        }
        if (made.noise / (photo.noise + unseen_noise) > limits[1]) {
            *measured = made.noise / (photo.noise + unseen_noise);
            return "the product in the scene is noisy: %.1f of the photo's noise";
        }
    }
    if (*marks > limits[2]) {
        *measured = *marks;
        return "something is laid over the product in the scene: %.3f of it has marks that the "
               "photo does not show";
    }
    return NULL;
}

static void run_focus(const struct check_subject *subject, const double *limits,
                      struct check_finding *out)
{
    const struct check_product *product = subject->product;
    const char *failure;
    double marks;

    out->limit = limits[0];
    if (!product || !product->reference.alone || !product->has_scene || !product->scene.known ||
        product->scene.turn != TURN_NONE) {
        check_skip(out, "the scene shows the product from another side than the photo");
        return;
    }
    failure = failure_of(subject, limits, &out->measured, &marks);
    out->passed = !failure;
    if (failure) {
        check_place_set(subject, &product->scene.box, &out->place);
    }
    if (failure) {
        snprintf(out->message, sizeof out->message, failure, out->measured);
    } else {
        snprintf(out->message, sizeof out->message, "%.2f of the photo's sharpness; %.3f has marks",
                 out->measured, marks);
    }
}

const struct check check_scene_focus = {
    .name = "scene_focus",
    .source = "a buyer must see the product as it is",
    .limits = "minimum sharpness and maximum noise of the product, of the photo's; maximum share "
              "of it with contrast that the photo does not show, 0 to 1",
    .limit_count = 3,
    .of_picture = true,
    .needs_whole = true,
    .needs_photo = true,
    .needs_product = true,
    .needs_scene = true,
    .run = run_focus,
};

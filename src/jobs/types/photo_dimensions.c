/* photo_dimensions.c - compares the dimensions with the proportions of the product in the photo. */
#include "jobs/types/photo_dimensions.h"

#include "image/cut_out/cut_out.h"
#include "image/measure.h"
#include "jobs/seller_message.h"

/* Pixels below it do not count as product. */
enum { VISIBLE_ALPHA = 24 };

/* A series such as "9 x 8 x 8.5 cm" is assigned by the proportions of the product. */
static bool has_series(const struct brief *brief)
{
    for (int i = 0; i < brief->dimension_count; i++) {
        if (brief->dimensions[i].series > 0 && brief->dimensions[i].axis == AXIS_UNKNOWN) {
            return true;
        }
    }
    return false;
}

/* Returns 0 if the product cannot be told from the background with certainty. */
static double product_aspect(const struct image *photo)
{
    struct image cut = { 0 };
    struct pixel_box box;
    struct error uncertain;
    double aspect = 0;

    if (image_cut_out(photo, &cut, &uncertain) && measure_visible(&cut, VISIBLE_ALPHA, &box) > 0) {
        aspect = (double)(box.right - box.left + 1) / (box.bottom - box.top + 1);
    }
    image_free(&cut);
    return aspect;
}

void photo_measure_aspect(struct image_job *image_job, const struct image *photo)
{
    bool needed = image_job->rules->needs_dimensions && has_series(&image_job->project.brief);

    image_job->photo_aspect = needed ? product_aspect(photo) : 0;
}

bool photo_unclear_dimensions(struct error *err)
{
    error_set(err, ERROR_INPUT,
              "the dimensions do not say which of them is the height, width or depth, and the "
              "product's proportions do not tell");
    err->cause = CAUSE_UNCLEAR_MEASUREMENTS;
    return error_hint(err, "Name them in the description, for example \"height 24 cm\".");
}

bool photo_check_dimensions(const struct image_job *image_job, struct error *err)
{
    const struct brief *brief = &image_job->project.brief;

    return image_job->photo_aspect <= 0 || brief->text_only.wanted ||
           !dimensions_view(brief->dimensions, brief->dimension_count, image_job->photo_aspect)
                .ambiguous ||
           photo_unclear_dimensions(err);
}

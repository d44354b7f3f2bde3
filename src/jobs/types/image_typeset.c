/* image_typeset.c - turns the model's picture into a composed image. Runs on the pool. */
#include "jobs/types/image_typeset.h"

#include <stdlib.h>

#include "image/compose.h"
#include "image/cut_out/cut_out.h"
#include "jobs/seller_message.h"
#include "jobs/types/photo_dimensions.h"

bool image_has_transparency(const struct image *image)
{
    size_t count = (size_t)image->width * (size_t)image->height;

    if (image->channels != 4) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (image->pixels[i * 4 + 3] < 128) {
            return true;
        }
    }
    return false;
}

/* A stored plate may be smaller than another size or layout needs. A model's new one may not. */
enum { PLATE_ENLARGED = 2 };

/* The longer side of a photo that is cut out. */
enum { PHOTO_EDGE = 2048 };

/* Cuts the product out of the photo that the model got. */
static bool cut_out_photo(struct image_job *image_job, struct image *out, struct error *err)
{
    struct image_bounds bounds = { .max_bytes = 64u << 20,
                                   .max_pixels = 40 * 1000 * 1000,
                                   .least_edge = PHOTO_EDGE / 2,
                                   .work_bytes = 9 };
    struct image photo = { 0 };
    bool good = image_job->model_photo.size > 0 &&
                image_decode(&image_job->model_photo, &bounds, &photo, NULL, err) &&
                photo_cut_out(image_job, &photo, out, err);

    image_free(&photo);
    return good;
}

bool image_cut_answer(const struct image *made, struct image *cut, struct error *err)
{
    struct error why;

    if (image_cut_out_to_compare(made, cut, &why) || image_cut_from_white(made, cut, err)) {
        return true;
    }
    return error_set(err, ERROR_OUTPUT, "the model did not remove the background: %.200s",
                     why.text);
}

/* If the photo tells the dimensions apart and the plate does not, the model has changed the
 * product's proportions. Else the seller must tell. */
static bool unclear_dimensions(const struct image_job *image_job, struct error *err)
{
    if (image_job->photo_aspect <= 0) {
        return photo_unclear_dimensions(err);
    }
    error_set(err, ERROR_OUTPUT, "the product has other proportions than in the photo");
    err->cause = CAUSE_CHECK_product_outline;
    return false;
}

static bool typeset(struct image_job *image_job, const struct image *plate, struct image *out,
                    struct error *err)
{
    struct image logo = { 0 };
    const struct composition_request request = {
        .layout = image_job->layout,
        .brief = &image_job->project.brief,
        .logo = image_job_decode_logo(image_job, &logo) ? &logo : NULL,
        .size = image_job->output_size,
        .max_enlarge = image_job->project.brief.text_only.wanted ? PLATE_ENLARGED : 1,
    };
    bool good = compose_image(&request, plate, &image_job->composition, out, err);

    image_free(&logo);
    if (good || err->cause != COMPOSE_UNCLEAR_DIMENSIONS) {
        return good;
    }
    return unclear_dimensions(image_job, err);
}

/* Checks a plate that shows the product alone, on white. */
static bool check_product(struct image_job *image_job, const struct image *cut, struct error *err)
{
    size_t count = (size_t)cut->width * (size_t)cut->height;
    uint8_t *coverage = malloc(count);
    struct image flat = { 0 };
    bool good = (coverage || error_set(err, ERROR_INTERNAL, "out of memory for a plate")) &&
                image_flatten(cut, &flat, err);

    for (size_t i = 0; good && i < count; i++) {
        coverage[i] = cut->pixels[i * 4 + 3];
    }
    good = good && image_job_check_plate(image_job, &flat, coverage, err);
    image_free(&flat);
    free(coverage);
    return good;
}

/* Typesets on the product of the photo, and keeps the cut-out as the plate. */
static bool typeset_photo(struct image_job *image_job, const struct image *photo, struct image *out,
                          struct error *err)
{
    struct image cut = { 0 };
    bool good;

    if (!photo_cut_out(image_job, photo, &cut, err)) {
        err->cause = err->kind == ERROR_INPUT ? CAUSE_NO_CUT_OUT : CAUSE_UNKNOWN;
        return false;
    }
    blob_free(&image_job->result.content);
    good = typeset(image_job, &cut, out, err) &&
           image_encode_png(&cut, false, &image_job->result.content, err);
    image_free(&cut);
    return good;
}

bool image_job_typeset(struct image_job *image_job, const struct image *plate, struct image *out,
                       struct error *err)
{
    struct image cut = { 0 };
    struct error ignored;
    bool good;

    if (image_job->local) {
        return typeset_photo(image_job, plate, out, err);
    }
    if (image_job->layout->plate == PLATE_SCENE) {
        return image_job_check_plate(image_job, plate, NULL, err) &&
               typeset(image_job, plate, out, err);
    }
    if (image_has_transparency(plate)) {
        return check_product(image_job, plate, err) && typeset(image_job, plate, out, err);
    }
    if (image_cut_answer(plate, &cut, err)) {
        good = check_product(image_job, &cut, err);
    } else { /* the model did not remove the background: the seller's photo is used, if it can be */
        good = image_job_check_plate(image_job, plate, NULL, err) &&
               cut_out_photo(image_job, &cut, &ignored);
    }
    good = good && typeset(image_job, &cut, out, err);
    image_free(&cut);
    return good;
}

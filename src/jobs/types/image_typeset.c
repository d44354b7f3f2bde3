/* image_typeset.c - turns the model's picture into a composed image. Runs on the pool. */
#include "image/cut_out/cut_out.h"
#include "jobs/types/image_job.h"

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

    if (image_cut_out(made, cut, &why) || image_cut_from_white(made, cut, err)) {
        return true;
    }
    return error_set(err, ERROR_OUTPUT, "the model did not remove the background: %.200s",
                     why.text);
}

bool image_job_typeset(struct image_job *image_job, const struct image *plate, struct image *out,
                       struct error *err)
{
    const struct composition_request request = { image_job->layout, &image_job->project.brief,
                                                 image_job->output_size };
    struct image cut = { 0 };
    struct error ignored;
    bool good;

    if (!image_job_check_plate(image_job, plate, err)) {
        return false;
    }
    if (image_job->layout->plate == PLATE_SCENE || image_has_transparency(plate)) {
        return compose_image(&request, plate, &image_job->composition, out, err);
    }
    /* If the model did not remove the background, the seller's photo is used where it can be cut
     * out. */
    good = (image_cut_answer(plate, &cut, err) || cut_out_photo(image_job, &cut, &ignored)) &&
           compose_image(&request, &cut, &image_job->composition, out, err);
    image_free(&cut);
    return good;
}

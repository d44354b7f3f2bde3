/* photo.c - decodes the seller's photo and prepares the copy that the model gets. */
#include <string.h>

#include "image/cut_out/cut_out.h"
#include "image/resize.h"
#include "jobs/seller_message.h"
#include "jobs/types/image_job.h"

/* A larger photo costs more tokens and shows the model no more detail. */
enum { MODEL_PHOTO_MAX_EDGE = 2048, MODEL_PHOTO_QUALITY = 92 };

/* Slightly less, so that the half of a photo of 4000 or 4032 pixels, as phones make them, is
 * enough. */
enum { MODEL_PHOTO_ENOUGH_EDGE = 2000 };

/* Decoded no larger than the model's copy needs. That copy takes at most as much memory again. */
static const struct image_bounds photo_bounds = { .from_seller = true,
                                                  .max_bytes = 50u << 20,
                                                  .max_pixels = 100 * 1000 * 1000,
                                                  .enough_edge = MODEL_PHOTO_ENOUGH_EDGE,
                                                  .least_edge = MODEL_PHOTO_MAX_EDGE / 2,
                                                  .work_bytes = 8 };

/* The copy is made of the pixels alone: the seller's file may hold a place, a name or a serial
 * number that are not the provider's business. */
static bool prepare_model_photo(struct image_job *image_job, const struct image *photo,
                                struct error *err)
{
    int longer = photo->width > photo->height ? photo->width : photo->height;
    double scale = longer > MODEL_PHOTO_MAX_EDGE ? (double)MODEL_PHOTO_MAX_EDGE / longer : 1;
    int width = (int)(photo->width * scale), height = (int)(photo->height * scale);
    struct image small = { 0 };
    bool good;

    if (scale < 1 &&
        !image_scale(photo, width > 0 ? width : 1, height > 0 ? height : 1, &small, err)) {
        return false;
    }
    photo = scale < 1 ? &small : photo;
    image_job->photo_downscaled = photo->width < image_job->photo_facts.width;
    if (photo->channels == 4 || (scale == 1 && image_job->photo_facts.format == FORMAT_PNG)) {
        good = image_encode_png(photo, false, &image_job->model_photo, err);
        image_job->model_photo_type = "image/png";
    } else {
        good = image_encode_jpeg(photo, MODEL_PHOTO_QUALITY, false, &image_job->model_photo, err);
        image_job->model_photo_type = "image/jpeg";
    }
    image_free(&small);
    return good;
}

/* Rewrites the error of a failed decode for the photo. */
static bool photo_refused(struct error *err)
{
    struct error why = *err;

    error_set(err, why.kind, "the product photo cannot be used: %.250s", why.text);
    if (why.kind != ERROR_INPUT) {
        return false;
    }
    err->cause = (int)seller_cause_of_photo(why.cause);
    return error_hint(err, why.cause == IMAGE_TOO_LARGE
                               ? "Upload a smaller version of the photo."
                               : "Upload the photo again as a JPEG or PNG file.");
}

bool photo_prepare(struct image_job *image_job, enum main_image_method method, struct error *err)
{
    struct image photo = { 0 };
    struct error uncertain;
    bool good;

    if (!image_decode(&image_job->photo, &photo_bounds, &photo, &image_job->photo_facts, err)) {
        return photo_refused(err);
    }
    image_job->photo_bytes = image_job->photo.size;
    digest_hex(image_job->photo.data, image_job->photo.size, image_job->photo_sha256);
    if (image_job->rules->on_white) {
        image_job->local =
            method == MAIN_LOCAL || (method == MAIN_AUTO && !image_job->cut_out_failed &&
                                     cut_out_is_certain(&photo, &uncertain));
    }
    image_job->has_photo_print = likeness_fingerprint(&photo, &image_job->photo_print, err);
    good = image_job->has_photo_print &&
           (image_job->local || prepare_model_photo(image_job, &photo, err));
    image_free(&photo);
    return good;
}

const char *photo_filename(const char *content_type)
{
    return strcmp(content_type, "image/png") == 0    ? "product.png"
           : strcmp(content_type, "image/webp") == 0 ? "product.webp"
                                                     : "product.jpg";
}

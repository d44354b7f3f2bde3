/* photo.c - decodes the seller's photos, chooses the main one, and prepares the copies that the
 * model gets. */
#include <string.h>

#include "base/log.h"
#include "image/cut_out/cut_out.h"
#include "image/measure.h"
#include "image/resize.h"
#include "jobs/seller_message.h"
#include "jobs/types/image_job.h"
#include "jobs/types/photo_dimensions.h"

/* A larger photo costs more tokens and shows the model no more detail. */
enum { MODEL_PHOTO_MAX_EDGE = 2048, MODEL_PHOTO_QUALITY = 92 };

/* Photos besides the main one show details; each is paid for. */
enum { OTHER_PHOTO_MAX_EDGE = 1024 };

/* So much higher must the rank of a later photo be to become the main one. */
static const double clearly_better = 0.25;

/* Standard deviation of brightness. A white product on white that fills 2 % of the photo has 2 and
 * more; compression of one colour gives less than 0.5. */
static const double BLANK_CONTRAST = 0.5;

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
static bool encode_for_model(const struct image *photo, enum image_format format, int max_edge,
                             struct request_photo *out, struct error *err)
{
    int longer = photo->width > photo->height ? photo->width : photo->height;
    double scale = longer > max_edge ? (double)max_edge / longer : 1;
    int width = (int)(photo->width * scale), height = (int)(photo->height * scale);
    struct image small = { 0 };
    bool good;

    if (scale < 1 &&
        !image_scale(photo, width > 0 ? width : 1, height > 0 ? height : 1, &small, err)) {
        return false;
    }
    photo = scale < 1 ? &small : photo;
    if (photo->channels == 4 || (scale == 1 && format == FORMAT_PNG)) {
        good = image_encode_png(photo, false, &out->bytes, err);
        out->content_type = "image/png";
    } else {
        good = image_encode_jpeg(photo, MODEL_PHOTO_QUALITY, false, &out->bytes, err);
        out->content_type = "image/jpeg";
    }
    out->filename = photo_filename(out->content_type);
    image_free(&small);
    return good;
}

static bool prepare_model_photo(struct image_job *image_job, const struct image *photo,
                                struct error *err)
{
    int longer = photo->width > photo->height ? photo->width : photo->height;
    struct request_photo copy = { .filename = NULL };

    image_job->photo_downscaled =
        longer > MODEL_PHOTO_MAX_EDGE || photo->width < image_job->photo_facts.width;
    if (!encode_for_model(photo, image_job->photo_facts.format, MODEL_PHOTO_MAX_EDGE, &copy, err)) {
        return false;
    }
    image_job->model_photo = copy.bytes;
    image_job->model_photo_type = copy.content_type;
    return true;
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

/* -- cutting out ------------------------------------------------------------------------------- */

/* Asks the cut-out model for a mask of the photo. Fails with ERROR_INPUT if there is none that can
 * be trusted. */
static bool find_mask(struct image_job *image_job, const struct image *photo, struct error *err)
{
    if (cut_mask_find(photo, &image_job->mask, err)) {
        return true;
    }
    if (err->kind != ERROR_INPUT) {
        image_job->model_failure = *err;
        err->kind = ERROR_INPUT;
    }
    return false;
}

static bool can_cut_out(struct image_job *image_job, const struct image *photo)
{
    struct error uncertain;

    return cut_out_is_certain(photo, &uncertain) || find_mask(image_job, photo, &uncertain);
}

bool photo_cut_out(struct image_job *image_job, const struct image *photo, struct image *out,
                   struct error *err)
{
    struct error uncertain;

    if (image_cut_out(photo, out, err)) {
        return true;
    }
    if (err->kind != ERROR_INPUT) {
        return false;
    }
    return (image_job->mask.alpha || find_mask(image_job, photo, &uncertain)) &&
           image_cut_out_by_mask(photo, &image_job->mask, out, &uncertain);
}

void photo_log_model_failure(const struct job *job, struct image_job *image_job)
{
    if (image_job->model_failure.kind != ERROR_NONE) {
        log_event(LOG_WARNING, "cut-out model failed; the photo is handled without it",
                  (struct log_field[]){ LOG_TEXT_FIELD("job", job->holder.job_id),
                                        LOG_TEXT_FIELD("why", image_job->model_failure.text) },
                  2);
        image_job->model_failure = (struct error){ .kind = ERROR_NONE };
    }
}

/* Makes the decoded photo, whose file is image_job->photo, the main one. */
static bool adopt(struct image_job *image_job, const struct image *photo,
                  enum main_image_method method, bool keeps_copy, struct error *err)
{
    cut_mask_free(&image_job->mask);
    image_job->photo_bytes = image_job->photo.size;
    digest_hex(image_job->photo.data, image_job->photo.size, image_job->photo_sha256);
    if (image_job->photo_only) {
        image_job->local = true;
    } else if (image_job->rules->on_white) {
        image_job->local =
            method == MAIN_LOCAL ||
            (method == MAIN_AUTO && !image_job->cut_out_failed && can_cut_out(image_job, photo));
    }
    photo_measure_aspect(image_job, photo);
    image_job->has_photo_print = likeness_fingerprint(photo, &image_job->photo_print, err);
    return image_job->has_photo_print &&
           ((image_job->local && !keeps_copy) || prepare_model_photo(image_job, photo, err));
}

/* Decodes a photo. Rejects one that shows nothing before a model is paid for drawing from it. */
static bool read_photo(const struct blob *file, struct image *photo, struct image_facts *facts,
                       struct error *err)
{
    if (!image_decode(file, &photo_bounds, photo, facts, err)) {
        return photo_refused(err);
    }
    if (measure_contrast(photo) >= BLANK_CONTRAST) {
        return true;
    }
    image_free(photo);
    error_set(err, ERROR_INPUT, "the product photo is blank");
    err->cause = CAUSE_PHOTO_BLANK;
    return error_hint(err, "Upload a photo that shows the product.");
}

bool photo_prepare(struct image_job *image_job, enum main_image_method method, struct error *err)
{
    struct image photo = { 0 };
    bool good;

    if (!read_photo(&image_job->photo, &photo, &image_job->photo_facts, err)) {
        return false;
    }
    good = adopt(image_job, &photo, method, false, err);
    image_free(&photo);
    return good;
}

/* -- several photos ---------------------------------------------------------------------------- */

static double rank_of(const struct image *photo, const struct image_facts *facts)
{
    static const double advised_side = 1600, sharp = 6;
    double longer = facts->width > facts->height ? facts->width : facts->height;
    double sharpness = measure_sharpness(photo);
    struct error uncertain;

    return (cut_out_is_certain(photo, &uncertain) ? 2 : 0) +
           (longer < advised_side ? longer / advised_side : 1) +
           (sharpness < sharp ? sharpness / sharp : 1);
}

/* Keeps the copy of a photo that is not the main one. */
static void add_other(struct photo_set *set, struct request_photo *copy)
{
    if (set->other_count < BRIEF_PHOTOS) {
        set->others[set->other_count++] = *copy;
    } else {
        blob_free(&copy->bytes);
    }
}

static bool take_as_main(struct image_job *image_job, const struct image *photo, struct blob *file,
                         enum main_image_method method, struct error *err)
{
    bool several = image_job->project.brief.known_photos > 1;
    struct blob former = blob_move(&image_job->model_photo);
    struct request_photo copy = { .content_type = image_job->model_photo_type };

    blob_free(&image_job->photo);
    image_job->photo = blob_move(file);
    if (!adopt(image_job, photo, method, several, err)) {
        blob_free(&former);
        return false;
    }
    if (former.size > 0) {
        copy.bytes = former;
        copy.filename = photo_filename(copy.content_type);
        add_other(&image_job->photos, &copy);
    }
    return true;
}

static bool take_as_other(struct image_job *image_job, const struct image *photo,
                          enum image_format format, struct error *err)
{
    struct request_photo copy = { .filename = NULL };

    if (!encode_for_model(photo, format, OTHER_PHOTO_MAX_EDGE, &copy, err)) {
        return false;
    }
    add_other(&image_job->photos, &copy);
    return true;
}

bool photo_consider(struct image_job *image_job, struct blob *file, const char *url,
                    enum main_image_method method, struct error *err)
{
    struct photo_set *set = &image_job->photos;
    bool several = image_job->project.brief.known_photos > 1, good;
    struct image photo = { 0 };
    struct image_facts facts;
    double rank;

    if (!read_photo(file, &photo, &facts, err)) {
        return false;
    }
    rank = several ? rank_of(&photo, &facts) : 0;
    if (set->usable > 0 && rank <= set->rank + clearly_better) {
        good = take_as_other(image_job, &photo, facts.format, err);
    } else {
        image_job->photo_facts = facts;
        good = take_as_main(image_job, &photo, file, method, err);
        set->rank = rank;
        set->url = url;
    }
    set->usable += good;
    image_free(&photo);
    return good;
}

const char *photo_filename(const char *content_type)
{
    return strcmp(content_type, "image/png") == 0    ? "product.png"
           : strcmp(content_type, "image/webp") == 0 ? "product.webp"
                                                     : "product.jpg";
}

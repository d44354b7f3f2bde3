/* photo_fetch.c - fetches the project's photos, one after the other.
 *
 * The main photo is the one that is cut out, that the model is told to keep to, and that the result
 * is compared with. A later photo takes the place of an earlier one only if its rank is higher by
 * 0.25, so that the seller's order decides among equals. The rank is the sum of
 *
 *   2 if the product can be cut out with certainty (a plain backdrop)
 *   longer side / 1600 pixels, at most 1 (Amazon's advice)
 *   sharpness / 6, at most 1
 *
 * original_url is tried if url is gone or its file is unreadable. A photo that cannot be had is
 * left out; the job fails if all are, for the reason of the first. A passing fault, such as a
 * timeout, fails the attempt only at the first photo: the job may be repeated for it, not for one
 * of the others. */
#include <string.h>

#include "jobs/seller_message.h"
#include "jobs/types/image_job.h"
#include "jobs/types/photo_dimensions.h"

void photos_clear(struct image_job *image_job)
{
    struct photo_set *set = &image_job->photos;

    for (int i = 0; i < set->other_count; i++) {
        blob_free(&set->others[i].bytes);
    }
    *set = (struct photo_set){ 0 };
    blob_free(&image_job->photo);
    blob_free(&image_job->model_photo);
    cut_mask_free(&image_job->mask);
}

/* -- one download ------------------------------------------------------------------------------ */

static bool photo_unavailable(struct error *err)
{
    struct error why = *err;

    error_set(err, ERROR_INPUT, "cannot fetch the product photo: %s", why.text);
    err->cause = CAUSE_PHOTO_UNAVAILABLE;
    return error_hint(err, "Upload the photo again.");
}

bool image_job_fetch_photo_at(struct job *job, const char *url, struct error *err)
{
    const struct image_job *image_job = job->state;
    const struct job_context *job_context = job->context;
    struct fetch_scope scope = { .kind = FETCH_PHOTO, .user_id = image_job->project.brief.user_id };

    if (fetch_begin(job_context->store, &job_context->store_target, url, &scope, job->arena,
                    &job->op, err)) {
        return true;
    }
    return err->kind == ERROR_INPUT ? photo_unavailable(err) : false;
}

/* The download itself has failed: there is no response, or no file. */
static bool download_failed(const struct op *op, struct error *err)
{
    *err = op->error;
    if (op->kind == OP_FILE && err->kind == ERROR_INTERNAL) {
        err->kind = ERROR_CONFIG;
        error_hint(err, "Check the permissions of the folder.");
    } else if (op->kind == OP_HTTP && op->http.untrusted_url) {
        err->cause = CAUSE_PHOTO_UNAVAILABLE;
    }
    return false;
}

bool image_job_take_photo(struct job *job, struct blob *out, struct error *err)
{
    struct op *op = &job->op;
    struct error why;

    if (op->error.kind != ERROR_NONE) {
        return download_failed(op, err);
    }
    if (fetch_done(job->context->store, &job->context->store_target, op, out, err)) {
        return true;
    }
    if (err->kind == ERROR_INPUT) {
        return photo_unavailable(err);
    }
    why = *err;
    if (op->http.untrusted_url) {
        error_set(err, why.kind, "cannot fetch the product photo: %s", why.text);
        err->retry_ms = why.retry_ms;
        err->cause = store_serves(&job->context->store_target, op->http.url)
                         ? CAUSE_UNKNOWN
                         : CAUSE_PHOTO_UNAVAILABLE;
    }
    return false;
}

/* -- all photos -------------------------------------------------------------------------------- */

/* Returns the URL to fetch now; NULL if no photo is left. */
static const char *current_url(const struct image_job *image_job)
{
    const struct brief *brief = &image_job->project.brief;
    const struct photo_set *set = &image_job->photos;

    if (set->next >= brief->known_photos) {
        return NULL;
    }
    return set->original ? brief->photos[set->next].original_url : brief->photos[set->next].url;
}

static void next_photo(struct photo_set *set)
{
    set->next++;
    set->original = false;
}

/* Goes on to the photo's original if that is another file, else to the next photo. */
static void pass_over(struct image_job *image_job, const struct error *why)
{
    struct photo_set *set = &image_job->photos;
    const struct brief_photo *photo = &image_job->project.brief.photos[set->next];

    if (set->refused.kind == ERROR_NONE) {
        set->refused = *why;
    }
    if (!set->original && photo->original_url[0] && strcmp(photo->original_url, photo->url) != 0) {
        set->original = true;
    } else {
        next_photo(set);
    }
}

/* No photo is left. Returns false, with the reason of the first, if none could be used; or if the
 * seller must name the dimensions. */
static bool finish(struct image_job *image_job, struct error *err)
{
    struct photo_set *set = &image_job->photos;

    set->done = true;
    if (set->usable == 0) {
        *err = set->refused;
        return false;
    }
    if (!image_job->local) {
        blob_free(&image_job->photo); /* not needed any more: the model gets the copy */
    }
    return photo_check_dimensions(image_job, err);
}

bool image_job_fetch_photo(struct job *job, struct error *err)
{
    struct image_job *image_job = job->state;
    const char *url;

    if (image_job->photos.done) { /* another try to make the image, or another item */
        photos_clear(image_job);
    }
    while ((url = current_url(image_job)) != NULL) {
        if (image_job_fetch_photo_at(job, url, err)) {
            return true;
        }
        if (err->kind != ERROR_INPUT) {
            return false;
        }
        pass_over(image_job, err);
    }
    return finish(image_job, err); /* without an operation, the step is skipped */
}

/* Takes the file that was downloaded. Returns false if the attempt must end. */
static bool take_current(struct job *job, struct error *err)
{
    struct image_job *image_job = job->state;
    struct photo_set *set = &image_job->photos;
    struct blob file = { 0 };
    bool good =
        image_job_take_photo(job, &file, err) &&
        photo_consider(image_job, &file, current_url(image_job), job->context->main_image, err);

    blob_free(&file);
    if (good) {
        next_photo(set);
        return true;
    }
    if (err->kind == ERROR_STOPPED || (err->kind != ERROR_INPUT && set->next == 0)) {
        return false;
    }
    pass_over(image_job, err);
    return true;
}

enum transition image_job_fetch_photo_end(struct job *job, struct error *err)
{
    struct image_job *image_job = job->state;

    if (!take_current(job, err)) {
        return TRANSITION_FAIL;
    }
    if (current_url(image_job)) {
        job->jump_row = job->step;
        return TRANSITION_JUMP;
    }
    return finish(image_job, err) ? TRANSITION_NEXT : TRANSITION_FAIL;
}

/* image_rejection.c - from the failed finding to a picture and the record of the call. */
#include "jobs/types/image_rejection.h"

#include "base/base64.h"
#include "jobs/types/rejection_picture.h"
#include "queue/rejection.h"

/* The longer side of the photo that checks compare with: label text stays legible. */
enum { PHOTO_EDGE = 2048 };

bool image_job_decode_photo(const struct image_job *image_job, struct image *out)
{
    struct image_bounds bounds = { .max_bytes = 64u << 20,
                                   .max_pixels = 40 * 1000 * 1000,
                                   .least_edge = PHOTO_EDGE / 2,
                                   .work_bytes = 4 };
    struct error ignored;

    return image_job->has_photo_print && image_job->model_photo.size > 0 &&
           image_decode(&image_job->model_photo, &bounds, out, NULL, &ignored);
}

/* Returns the finding for which the answer was rejected; NULL if no check rejected it. */
static const struct check_finding *failed_finding(const struct image_job *image_job)
{
    for (int i = 0; i < image_job->finding_count; i++) {
        if (!image_job->findings[i].passed) {
            return &image_job->findings[i];
        }
    }
    return NULL;
}

void image_job_draw_rejection(struct image_job *image_job, const struct image *image,
                              const struct image *photo)
{
    const struct check_finding *finding = failed_finding(image_job);
    struct image decoded = { 0 };

    if (image_job->local || image_job->project.brief.text_only.wanted ||
        image_job->rejection_picture.size > 0) {
        return; /* no call to a model is rejected, or the picture is drawn */
    }
    if (!photo && image_job_decode_photo(image_job, &decoded)) {
        photo = &decoded;
    }
    rejection_picture(image, photo, finding ? &finding->place : NULL,
                      &image_job->rejection_picture);
    image_free(&decoded);
}

const struct rejection *image_job_rejection(const struct job *job,
                                            const struct image_job *image_job)
{
    const struct check_finding *finding = failed_finding(image_job);
    struct rejection *out = arena_alloc(job->arena, sizeof *out);
    const struct blob *picture = &image_job->rejection_picture;
    struct blob letters;
    struct error ignored;

    *out = (struct rejection){ .check = finding ? finding->check : NULL,
                               .message = arena_text(job->arena, finding ? finding->message
                                                                         : image_job->verdict.text),
                               .measured = finding ? finding->measured : 0,
                               .limit = finding ? finding->limit : 0 };
    if (picture->size > 0 && base64_encode(picture->data, picture->size, &letters, &ignored)) {
        out->picture = arena_bytes(job->arena, letters.data, letters.size);
        blob_free(&letters);
    }
    return out;
}

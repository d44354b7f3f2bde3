/* image_plate.h - the plate of a composed image, which is stored beside it. */
#ifndef JOBS_TYPES_IMAGE_PLATE_H
#define JOBS_TYPES_IMAGE_PLATE_H
#include "base/digest.h"
#include "image/image.h"
#include "jobs/job.h"

struct image_job;

/* The plate of a composed image, which is stored beside it: `regenerate --text-only` renders the
 * text again on it, without a call to an image model. */
struct stored_plate {
    struct blob file; /* freed once it is stored */
    char sha256[DIGEST_TEXT];
    struct object object; /* path NULL: the image has no plate, or the store did not take it */
    const char *url;      /* set for the image's row */
    bool stored;
};

/* Keeps the model's answer, of this format, as the plate of a composed image. A plate that no
 * bucket for images accepts is encoded again. Call it on the pool. */
void image_job_keep_plate(struct image_job *image_job, enum image_format format);
/* Returns whether the plate is the next object to upload. */
bool image_job_has_plate_to_upload(const struct image_job *image_job);
/* Prepares the upload of the plate, at a path beside that of the image. */
bool image_job_upload_plate(struct job *job, struct error *err) MUST_CHECK;
/* Returns TRANSITION_JUMP to the same row, which uploads the image next. A plate that the store
 * rejects is left out: the image does not need it. */
enum transition image_job_upload_plate_end(struct job *job, struct error *err);
#endif

/* image_logo.h - the logo of the seller's brand kit, for composed images. */
#ifndef JOBS_TYPES_IMAGE_LOGO_H
#define JOBS_TYPES_IMAGE_LOGO_H
#include "image/image.h"
#include "jobs/job.h"

struct image_job;

struct brand_logo {
    struct blob file;  /* size 0: the brand has none, or it cannot be used */
    char problem[200]; /* why it cannot be used; "" */
};

/* The step that fetches the logo. A logo that cannot be fetched or read is left out, with the
 * reason in the image's metadata: no image fails for it. */
bool image_job_fetch_logo(struct job *job, struct error *err) MUST_CHECK;
enum transition image_job_fetch_logo_end(struct job *job, struct error *err);

/* Decodes the logo in the restricted process. Returns false if the image has none. */
bool image_job_decode_logo(struct image_job *image_job, struct image *out);
#endif

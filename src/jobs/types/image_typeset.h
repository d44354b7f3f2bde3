/* image_typeset.h - turns a picture of the model, or of the photo, into a composed image. */
#ifndef JOBS_TYPES_IMAGE_TYPESET_H
#define JOBS_TYPES_IMAGE_TYPESET_H
#include "jobs/types/image_job.h"

/* Checks the plate and typesets the image on it. */
bool image_job_typeset(struct image_job *image_job, const struct image *plate, struct image *out,
                       struct error *err) MUST_CHECK;
/* Returns whether a pixel is more than half transparent. */
bool image_has_transparency(const struct image *image);
/* Cuts the product out of an opaque answer. If its background is white, the answer's own pixels are
 * kept where the product's outline is uncertain. */
bool image_cut_answer(const struct image *made, struct image *cut, struct error *err) MUST_CHECK;
#endif

/* photo_dimensions.h - whether the photo tells what the numbers of "9 x 8 x 8.5 cm" measure. */
#ifndef JOBS_TYPES_PHOTO_DIMENSIONS_H
#define JOBS_TYPES_PHOTO_DIMENSIONS_H
#include "jobs/types/image_job.h"

/* Sets image_job->photo_aspect from the decoded main photo, if the image needs it. Takes tens of
 * milliseconds: call it on the pool. */
void photo_measure_aspect(struct image_job *image_job, const struct image *photo);
/* Fails with ERROR_INPUT if the photo shows that the seller must say which dimension is which:
 * before an image is paid for. */
bool photo_check_dimensions(const struct image_job *image_job, struct error *err) MUST_CHECK;
/* Sets the error of such dimensions; always returns false. */
bool photo_unclear_dimensions(struct error *err);
#endif

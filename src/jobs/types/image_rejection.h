/* image_rejection.h - keeps why an answer was rejected, with a picture, for operators. */
#ifndef JOBS_TYPES_IMAGE_REJECTION_H
#define JOBS_TYPES_IMAGE_REJECTION_H
#include "jobs/types/image_job.h"

/* Draws why the answer was rejected, unless that is drawn. `photo` is decoded if it is NULL. Call
 * it on the pool. */
void image_job_draw_rejection(struct image_job *image_job, const struct image *image,
                              const struct image *photo);
/* Returns what is recorded with the call whose answer was rejected, in the job's arena. */
const struct rejection *image_job_rejection(const struct job *job,
                                            const struct image_job *image_job);

/* Decodes the photo again, as the model got it: its pixels are not kept while the model works. */
bool image_job_decode_photo(const struct image_job *image_job, struct image *out);
#endif

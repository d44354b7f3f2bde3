/* image_source.h - what an image is made of if the image model takes no photos. */
#ifndef JOBS_TYPES_IMAGE_SOURCE_H
#define JOBS_TYPES_IMAGE_SOURCE_H
#include "jobs/types/image_job.h"

/* If the model takes no photos, has the image made of the seller's photo alone: cut out, or typeset
 * with the cut-out. Fails with ERROR_INPUT and CAUSE_NO_SCENES if that gives no such image. */
bool image_job_choose_source(struct job *job, struct error *err) MUST_CHECK;
#endif

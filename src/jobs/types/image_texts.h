/* image_texts.h - fits the texts of a composed image to the fonts that exist. */
#ifndef JOBS_TYPES_IMAGE_TEXTS_H
#define JOBS_TYPES_IMAGE_TEXTS_H
#include "jobs/types/image_job.h"

/* Changes the texts of the brief so that fonts exist for them, once; does nothing without a layout.
 * Fails with ERROR_INPUT and CAUSE_LETTERS if letters remain that no font has. Takes milliseconds:
 * call it on the pool. */
bool image_job_cover_texts(struct image_job *image_job, struct arena *arena,
                           struct error *err) MUST_CHECK;
/* The same as a step, before the image is bought. */
bool image_job_check_texts(struct job *job, struct error *err) MUST_CHECK;
enum transition image_job_check_texts_end(struct job *job, struct error *err);
#endif

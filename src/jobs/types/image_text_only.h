/* image_text_only.h - the steps of an image whose text is rendered again on its stored plate. They
 * do nothing for other images. */
#ifndef JOBS_TYPES_IMAGE_TEXT_ONLY_H
#define JOBS_TYPES_IMAGE_TEXT_ONLY_H
#include "jobs/types/image_job.h"

/* Takes the texts of the image and chooses the layout. Call it when the project is loaded. */
bool image_job_begin_text_only(struct image_job *image_job, struct arena *arena,
                               struct error *err) MUST_CHECK;
bool image_job_translate(struct job *job, struct error *err) MUST_CHECK;
enum transition image_job_translate_end(struct job *job, struct error *err);
/* Fetches the plate in the place of a model's answer. */
bool image_job_fetch_plate(struct job *job, struct error *err) MUST_CHECK;
enum transition image_job_fetch_plate_end(struct job *job, struct error *err);
#endif

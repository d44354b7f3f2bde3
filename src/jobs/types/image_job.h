/* image_job.h - the way of one image: the photo that comes in, the order that goes out, the file
 * that is stored. What make_image's steps hand each other. */
#ifndef JOBS_TYPES_IMAGE_JOB_H
#define JOBS_TYPES_IMAGE_JOB_H
#include "base/digest.h"
#include "image/checks/check.h"
#include "image/compose.h"
#include "image/likeness.h"
#include "jobs/types/project.h"

struct image_job {
    struct project_state project; /* first: the shared steps see it */
    const struct image_rules *rules;
    struct size target_size; /* pixels wanted in the end */
    struct size output_size; /* the same, or keep_min where the photo gives no more */
    struct blob photo;       /* the seller's file, as it came */
    struct image_facts photo_facts;
    size_t photo_bytes;
    char photo_sha256[DIGEST_TEXT];
    struct likeness_print photo_print;
    bool has_photo_print;  /* photo_print is there */
    bool photo_downscaled; /* the model is given a smaller one */
    bool local;            /* made of the photo alone: no model is asked */
    bool passthrough;      /* the stored pixels are the model's own bytes, at most a mark put in */
    bool has_similarity;   /* `likeness` is there */
    struct blob model_photo; /* what the model is given: the photo, or made fit for the API */
    const char *model_photo_type;
    struct request_photo request_photo;
    struct model_endpoint endpoint; /* whose model makes it */
    struct model_request order;
    const char *prompt_version;
    struct model_result result; /* what the model made */
    struct blob file;           /* what is stored */
    struct size stored_size;    /* its pixels */
    char sha256[DIGEST_TEXT];   /* of the file */
    const char *content_type;
    struct composed composed;
    struct check_finding findings[CHECKS_MAX];
    int finding_count;
    struct likeness similarity; /* to the photo */
    struct object object;       /* where it is stored */
    struct error verdict;       /* of the checks; ERROR_NONE: all passed */
    const char *correction;     /* what a check found wrong with the last one */
};

/* Pool work. Checks the seller's photo and makes it fit for the model; ERROR_INPUT in a seller's
 * words. Decides who makes a main image. */
bool photo_prepare(struct image_job *image_job, enum main_image_method way,
                   struct error *err) MUST_CHECK;
const char *photo_filename(const char *content_type); /* "product.png": what the model is told */

/* Pool work. From what came to what is stored: decode in full, compose or crop, check, encode. */
bool image_finish(struct image_job *image_job, struct error *err) MUST_CHECK;

/* What the steps of every maker of images are made of; job->state begins with struct image_job.
 *
 * image_job_read_payload: what is to be made, by the payload and the marketplace's rules.
 * image_job_check_project: does the project give enough for it? image_job_build_request: what is
 * asked of image_job->endpoint's model. */
bool image_job_read_payload(struct job *job, const char *payload, struct error *err) MUST_CHECK;
bool image_job_check_project(const struct image_job *image_job, struct error *err) MUST_CHECK;
bool image_job_build_request(struct job *job, struct error *err) MUST_CHECK;

/* Halves of steps: the seller's photo comes; what came is developed (the verdict is in
 * image_job->verdict), and goes to the store. */
bool image_job_fetch_photo(struct job *job, struct error *err) MUST_CHECK;
bool image_job_fetch_photo_end(struct job *job, struct error *err) MUST_CHECK; /* pool work */
bool image_job_validate(struct job *job, struct error *err) MUST_CHECK;
bool image_job_upload(struct job *job, struct error *err) MUST_CHECK;
enum transition image_job_upload_end(struct job *job, struct error *err);

bool image_job_row(struct job *job, struct image_row *out, struct error *err) MUST_CHECK;
void image_job_clear(void *state); /* frees its blobs */

/* JSON for "GeneratedImage".metadata: how it was made, and how to make it again. */
const char *image_job_metadata(const struct job *job, const struct image_job *image_job);
#endif

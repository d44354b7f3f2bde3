/* image_job.h - the job of one image: the seller's photo, the request to the model, the finished
 * file. The state that the steps of make_image.c and the Batch API share. */
#ifndef JOBS_TYPES_IMAGE_JOB_H
#define JOBS_TYPES_IMAGE_JOB_H
#include "base/digest.h"
#include "compose/composition.h"
#include "image/checks/check.h"
#include "image/compose.h"
#include "image/cut_out/cut_mask.h"
#include "image/likeness.h"
#include "jobs/types/image_logo.h"
#include "jobs/types/image_plate.h"
#include "jobs/types/project.h"

/* The seller's photos while they are fetched, and those besides the main one afterwards. */
struct photo_set {
    int next;             /* position in brief.photos of the one that is being fetched */
    bool original;        /* its original_url is */
    bool done;            /* all were fetched, or left out */
    int usable;           /* number of photos that could be read */
    double rank;          /* of the main one, see photo_fetch.c */
    const char *url;      /* of the main one */
    struct error refused; /* why the first unusable photo is unusable; ERROR_NONE: none was */
    struct request_photo others[BRIEF_PHOTOS]; /* copies for the model, which are owned */
    int other_count;
};

struct image_job {
    struct project_state project; /* first: the steps of project.c use it */
    const struct image_rules *rules;
    const struct image_layout *layout; /* of the text; NULL: the model makes the complete image */
    const char *marketplace;           /* of the payload, or that of the worker */
    struct size target_size;           /* pixels that the marketplace's rules ask for */
    struct size output_size; /* the same, or smaller if the product would have to be enlarged */
    struct photo_set photos;
    struct blob photo; /* the main photo: the seller's file, unchanged */
    struct image_facts photo_facts;
    size_t photo_bytes;
    char photo_sha256[DIGEST_TEXT];
    struct likeness_fingerprint photo_print;
    double photo_aspect;          /* width / height of its product; 0: unknown */
    bool has_photo_print;         /* photo_print is set */
    bool has_similarity;          /* similarity is set */
    bool painted;                 /* the model was asked to paint text */
    bool texts_covered;           /* fonts exist for the texts that the layout draws */
    bool passthrough;             /* the model's file is stored, at most with an IPTC mark added */
    bool has_c2pa;                /* the stored file has the model's C2PA manifest */
    bool photo_downscaled;        /* the model gets a smaller copy of the photo */
    bool local;                   /* cut out of the photo here; no model is called */
    bool photo_only;              /* the same, because the model takes no photos */
    bool cut_out_failed;          /* the photo's cut-out was uncertain or failed a check */
    struct cut_mask mask;         /* of the cut-out model, if the photo is cut out by it */
    struct error model_failure;   /* of the cut-out model, to be logged; ERROR_NONE: none */
    struct blob model_photo;      /* the copy of the photo that the model gets, without metadata */
    const char *model_photo_type; /* its content type */
    struct request_photo request_photos[1 + BRIEF_PHOTOS]; /* the main one first; borrowed */
    struct model_endpoint endpoint;                        /* of the model that makes the image */
    struct model_request request;
    const char *prompt_version;
    struct model_result result; /* the model's answer */
    struct blob file;           /* the file to store */
    struct size stored_size;    /* its pixels */
    char sha256[DIGEST_TEXT];   /* of the file */
    const char *content_type;
    struct pixel_blocks received; /* of the model's answer; zeros if there is none */
    struct composed composed;
    struct composition composition; /* if layout is set */
    struct check_finding findings[CHECKS_MAX];
    int finding_count;
    struct blob rejection_picture; /* see rejection_picture.h */
    struct likeness similarity;    /* to the photo */
    struct object object;          /* where the file is stored */
    struct stored_plate plate;     /* of a composed image */
    struct brand_logo logo;
    struct error verdict;   /* of the checks; ERROR_NONE: all passed */
    const char *correction; /* why the last answer was rejected, for the next prompt; else NULL */
};

/* photo.c */

/* Decodes the seller's photo in image_job->photo, decides whether the main image is cut out here or
 * made by the model, and prepares the copy for the model. Takes milliseconds: call it on the pool.
 * Fails with ERROR_INPUT if the photo cannot be used. */
bool photo_prepare(struct image_job *image_job, enum main_image_method method,
                   struct error *err) MUST_CHECK;
/* The same for one of the project's photos, from `url`: it becomes the main photo if it is clearly
 * better than the present one (photo_fetch.c), else only a copy for the model is kept. Moves the
 * file away if it succeeds. */
bool photo_consider(struct image_job *image_job, struct blob *file, const char *url,
                    enum main_image_method method, struct error *err) MUST_CHECK;
/* Cuts the product out of a decoded photo: by its colours, else by image_job->mask, which the
 * cut-out model makes if there is none yet. Fails with ERROR_INPUT if the result is uncertain. */
bool photo_cut_out(struct image_job *image_job, const struct image *photo, struct image *out,
                   struct error *err) MUST_CHECK;
/* Logs that the cut-out model failed, once per failure. Call it on the loop's thread. */
void photo_log_model_failure(const struct job *job, struct image_job *image_job);
/* Returns the file name given to the model: "product.png", for example. */
const char *photo_filename(const char *content_type);

/* photo_fetch.c: the step that fetches all photos of the project. Both functions belong to one row
 * of a table of steps, which must be STEP_OPTIONAL and STEP_ON_POOL. */
bool image_job_fetch_photo(struct job *job, struct error *err) MUST_CHECK;
/* Returns TRANSITION_JUMP to the same row while photos are left, then TRANSITION_NEXT. */
enum transition image_job_fetch_photo_end(struct job *job, struct error *err);
/* Fetches a single photo. */
bool image_job_fetch_photo_at(struct job *job, const char *url, struct error *err) MUST_CHECK;
bool image_job_take_photo(struct job *job, struct blob *out, struct error *err) MUST_CHECK;
void photos_clear(struct image_job *image_job);

/* image_finish.c */

/* Turns the model's answer (or the photo, if local) into the file to store, and checks it. */
bool image_finish(struct image_job *image_job, struct error *err) MUST_CHECK;

/* image_judge.c */

/* Runs the checks of a composed image that concern its plate, before anything is drawn on it.
 * `coverage` is the alpha of the product at each pixel; NULL for a scene. */
bool image_job_check_plate(struct image_job *image_job, const struct image *plate,
                           const uint8_t *coverage, struct error *err) MUST_CHECK;
/* Runs the checks of the rules on the pixels of image_job->file. Compares with the photo if
 * image_job->model_photo is set. Fails with ERROR_OUTPUT and the cause for the seller. */
bool image_job_check(struct image_job *image_job, const struct image *image,
                     const struct image_facts *facts, struct error *err) MUST_CHECK;

/* image_job.c: parts of the steps of every job type that makes images. job->state begins with
 * struct image_job. */

/* Reads the payload and finds the marketplace's rules for the image type. */
bool image_job_read_payload(struct job *job, const char *json, struct error *err) MUST_CHECK;
/* Fails with ERROR_INPUT if the project lacks what the image needs: a photo, or measurements. */
bool image_job_check_project(struct image_job *image_job, struct arena *arena,
                             struct error *err) MUST_CHECK;
/* Builds the request to the model of image_job->endpoint. */
bool image_job_build_request(struct job *job, struct error *err) MUST_CHECK;
/* Prepares pool work that calls image_finish; its result goes to image_job->verdict. */
bool image_job_validate(struct job *job, struct error *err) MUST_CHECK;
bool image_job_upload(struct job *job, struct error *err) MUST_CHECK;
enum transition image_job_upload_end(struct job *job, struct error *err);
/* Fills the row of "GeneratedImage". */
bool image_job_row(struct job *job, struct image_row *out, struct error *err) MUST_CHECK;
/* Prepares the removal of the stored objects, if the upload has begun. */
bool image_job_discard(struct job *job, struct error *err) MUST_CHECK;
void image_job_clear(void *state); /* frees its blobs */

/* metadata.c */

/* Returns JSON that says how the image was made, and holds all that is needed to make it again. The
 * database stores it in darkroom.image_detail, and only the part that sellers may read in
 * "GeneratedImage".metadata. Allocated from the job's arena. */
const char *image_job_metadata(const struct job *job, const struct image_job *image_job);
#endif

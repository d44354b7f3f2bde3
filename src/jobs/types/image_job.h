/* image_job.h - the way of one image: the photo that comes in, the order that goes out, the file
 * that is stored. What make_image's steps hand each other. */
#ifndef JOBS_TYPES_IMAGE_JOB_H
#define JOBS_TYPES_IMAGE_JOB_H
#include "base/digest.h"
#include "image/checks/check.h"
#include "image/compose.h"
#include "image/likeness.h"
#include "jobs/types/project.h"

struct picture {
    struct project_state project; /* first: the shared steps see it */
    const struct image_rules *rules;
    struct size keep;  /* pixels wanted in the end */
    struct size want;  /* the same, or keep_min where the photo gives no more */
    struct blob photo; /* the seller's file, as it came */
    struct image_facts photo_facts;
    size_t photo_bytes;
    char photo_sha256[DIGEST_TEXT];
    struct likeness_print photo_print;
    bool photo_seen;    /* photo_print is there */
    bool photo_smaller; /* the model is given a smaller one */
    bool by_us;         /* made of the photo alone: no model is asked */
    bool as_it_came;    /* the stored pixels are the model's own bytes, at most a mark put in */
    bool likened;       /* `likeness` is there */
    struct blob sent;   /* what the model is given: the photo, or made fit for the API */
    const char *sent_type;
    struct request_photo request_photo;
    struct model_endpoint caller; /* whose model makes it */
    struct model_request order;
    const char *prompt_version;
    struct model_result result; /* what the model made */
    struct blob file;           /* what is stored */
    struct size size;           /* its pixels */
    char sha256[DIGEST_TEXT];   /* of the file */
    const char *content_type;
    struct composed composed;
    struct finding findings[CHECKS_MAX];
    int finding_count;
    struct likeness likeness; /* to the photo */
    struct object object;     /* where it is stored */
    struct error verdict;     /* of the checks; ERROR_NONE: all passed */
    const char *again;        /* what a check found wrong with the last one */
};

/* Pool work. Checks the seller's photo and makes it fit for the model; ERROR_INPUT in a seller's
 * words. Decides who makes a main image. */
bool photo_accept(struct picture *picture, enum main_image_way way, struct error *err) MUST_CHECK;
const char *photo_filename(const char *content_type); /* "product.png": what the model is told */

/* Pool work. From what came to what is stored: decode in full, compose or crop, check, encode. */
bool picture_develop(struct picture *picture, struct error *err) MUST_CHECK;

/* What the steps of every maker of images are made of; job->state begins with struct picture.
 *
 * picture_wish: what is to be made, by the payload and the marketplace's rules. picture_possible:
 * does the project give enough for it? picture_order: what is asked of picture->caller's model. */
bool picture_wish(struct job *job, const char *payload, struct error *err) MUST_CHECK;
bool picture_possible(const struct picture *picture, struct error *err) MUST_CHECK;
bool picture_order(struct job *job, struct error *err) MUST_CHECK;

/* Halves of steps: the seller's photo comes; what came is developed (the verdict is in
 * picture->verdict), and goes to the store. */
bool picture_photo(struct job *job, struct error *err) MUST_CHECK;
bool picture_photo_end(struct job *job, struct error *err) MUST_CHECK; /* pool work */
bool picture_inspect(struct job *job, struct error *err) MUST_CHECK;
bool picture_put(struct job *job, struct error *err) MUST_CHECK;
enum next picture_put_end(struct job *job, struct error *err);

bool picture_row(struct job *job, struct image_row *out, struct error *err) MUST_CHECK;
void picture_clear(void *state); /* frees its blobs */

/* JSON for "GeneratedImage".metadata: how it was made, and how to make it again. */
const char *picture_metadata(const struct job *job, const struct picture *picture);
#endif

/* packs.h - a public, versioned workload: packs of six images for products with photos, names and
 * texts, as a seller would order them ("darkroom packs v1").
 *
 * Each request is what a worker would send for that image, and its answer is finished and judged as
 * a worker would: text is typeset, and the checks of the marketplace, of the text and of the
 * product's label decide whether the image is accepted. The digest covers texts and photos, so that
 * two runs with equal digests had the same workload. */
#ifndef BENCH_PACKS_PACKS_H
#define BENCH_PACKS_PACKS_H
#include "base/digest.h"
#include "bench/load/workload.h"
#include "jobs/types/image_job.h"

struct target;

enum { PACK_PRODUCTS = 12, PACK_PICTURES = 6 };

struct workload_product {
    const char *id;          /* "01-bottle" */
    const char *row;         /* the project's row, as brief_read takes it */
    struct image_job photos; /* the prepared photo, shared by all images of the product */
};

struct packs {        /* in an arena */
    const char *name; /* "packs-v1" */
    char digest[DIGEST_TEXT];
    struct job_context context; /* rules, marketplace and prompts of the simulated worker */
    struct workload_product products[PACK_PRODUCTS];
};

/* Returns whether a workload of this name exists; sets ERROR_INPUT with the valid names if not. */
bool packs_exist(const char *name, struct error *err) MUST_CHECK;

/* Loads the embedded workload and prepares its photos. Its images become the prompts of `workload`,
 * which borrows it. rules and prompts are borrowed; `prompts` may be NULL only if no request is
 * made. Free with packs_free, also after failure. */
bool packs_load(const char *name, const struct rules *rules, const struct prompts *prompts,
                struct arena *arena, struct workload *workload, struct packs **out,
                struct error *err) MUST_CHECK;
void packs_free(struct packs *packs); /* NULL is allowed */

/* Sets name and cost estimates of a target. Fails with ERROR_INPUT if it has a size or task of its
 * own, which the workload decides. */
bool packs_target(const struct packs *packs, struct target *target, struct error *err) MUST_CHECK;

/* Prepares the job of an image, with the request to the target's model. The job is freed with
 * packs_job_free; it borrows arena and packs. */
bool packs_job(const struct packs *packs, const struct target *target, int index,
               struct arena *arena, struct image_job **out, struct error *err) MUST_CHECK;
void packs_job_free(struct image_job *image_job); /* NULL is allowed */

/* Finishes a copy of the model's answer and judges it. Returns false with ERROR_OUTPUT and the
 * reason if a worker would not store the image. Runs on a background thread. */
bool packs_accept(struct image_job *image_job, const struct blob *answer,
                  struct error *err) MUST_CHECK;
#endif

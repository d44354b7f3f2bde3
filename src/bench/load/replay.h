/* replay.h - calls of real jobs, made again: each with its own prompt, size, quality and photo.
 *
 * What a target says of size, quality or task holds for all of its requests; what it leaves open is
 * as the job had it, or the closest_match that the model makes. */
#ifndef BENCH_LOAD_REPLAY_H
#define BENCH_LOAD_REPLAY_H
#include <cjson/cJSON.h>

#include "bench/load/target.h"
#include "bench/load/workload.h"

enum { REPLAY_PHOTOS = 200 };

struct replay_job { /* beside the workload's prompt of the same index */
    struct size size;
    const char *quality; /* NULL: the model's own default */
    bool transparent;
    bool edit; /* it worked from a photo */
    int photo; /* of replay->photos; -1: not known, or more than there is room for */
};

struct replay_photo {
    const char *url;
    bool available;
    struct request_photo file; /* its bytes belong to the replay */
};

struct replay { /* in the workload's arena */
    struct replay_job *jobs;
    struct replay_photo photos[REPLAY_PHOTOS];
    int photo_count;
    const char **texts; /* what was asked of models that read features */
    int text_count;
    int skipped; /* rows that could not be made again */
};

/* From the answer of bench_jobs: a row whose fields are not within their bounds is left out.
 * ERROR_INPUT where nothing is left. */
bool replay_read(const cJSON *answer, struct arena *arena, struct workload *out,
                 struct error *err) MUST_CHECK;

/* Names the target after what it does, and prices it by the jobs. ERROR_INPUT where there is no job
 * of its kind. */
bool replay_target(const struct workload *workload, struct target *target,
                   struct error *err) MUST_CHECK;

/* Does this job start from a photo on this target? */
bool replay_uses_photo(const struct target *target, const struct replay_job *job);

/* Turns the model_request of a target into that of the job. */
void replay_fill(const struct workload *workload, const struct target *target, int prompt,
                 struct model_request *model_request);

/* A seller's photo as it came (taken): made fit, as the worker would. ERROR_INPUT: it is none. */
bool replay_photo(struct blob *came, struct replay_photo *out, struct error *err) MUST_CHECK;
void replay_free(struct replay *replay);
#endif

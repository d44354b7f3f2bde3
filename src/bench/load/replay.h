/* replay.h - repeats the calls of real jobs, each with its own prompt, size, quality and photo.
 *
 * A size, quality or task given in a target applies to all of its requests. What the target leaves
 * open is as the job had it, or the closest value that the model supports. */
#ifndef BENCH_LOAD_REPLAY_H
#define BENCH_LOAD_REPLAY_H
#include <cjson/cJSON.h>

#include "bench/load/target.h"
#include "bench/load/workload.h"

enum { REPLAY_PHOTOS = 200 };

struct replay_job { /* belongs to the workload's prompt of the same index */
    struct size size;
    const char *quality; /* NULL for the model's default */
    bool transparent;
    bool edit; /* the job started from a photo */
    int photo; /* index in replay->photos; -1 if unknown or beyond REPLAY_PHOTOS */
};

struct replay_photo {
    const char *url, *user_id; /* "" if the user is unknown */
    bool available;
    struct request_photo file; /* its bytes belong to the replay */
};

struct replay { /* in an arena */
    const struct workload *workload;
    struct replay_job *jobs;
    struct replay_photo photos[REPLAY_PHOTOS];
    int photo_count;
    const char **texts; /* prompts of calls that extracted features */
    int text_count;
    int skipped; /* rows that cannot be repeated */
};

/* Reads the result of the statement bench_jobs. The prompts of image calls become the workload's. A
 * row with a field out of bounds is skipped. Fails with ERROR_INPUT if no row is left. The replay
 * borrows the workload. */
bool replay_read(const cJSON *result, struct arena *arena, struct workload *workload,
                 struct replay **out, struct error *err) MUST_CHECK;

/* Names the target and sets its cost estimates from the jobs. Fails with ERROR_INPUT if no job is
 * of its kind (image or text). */
bool replay_target(const struct replay *replay, struct target *target,
                   struct error *err) MUST_CHECK;

/* Returns whether this job starts from a photo on this target. */
bool replay_uses_photo(const struct target *target, const struct replay_job *job);

/* Changes the request of a target into that of the job behind this prompt. */
void replay_fill(const struct replay *replay, const struct target *target, int prompt,
                 struct model_request *model_request);

/* Takes a seller's photo as it was downloaded and prepares it as the worker would. Fails with
 * ERROR_INPUT if it is not an image. */
bool replay_photo(struct blob *download, struct replay_photo *out, struct error *err) MUST_CHECK;
void replay_free(struct replay *replay); /* the photos; NULL is allowed */
#endif

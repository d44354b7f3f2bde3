/* project.h - the steps that every job type begins with: what the project is, what the product can
 * do. A type's state starts with struct project_state. */
#ifndef JOBS_TYPES_PROJECT_H
#define JOBS_TYPES_PROJECT_H
#include "jobs/job.h"
#include "model/payload.h"

struct project_state {
    struct payload payload;
    struct brief brief;
    bool wants_features;
    const char *new_features; /* features as JSON, when this job new_features them */
};

/* brief: one SQL round trip; fails at once where the project is not there or not the user's. */
bool project_load(struct job *job, struct error *err) MUST_CHECK;
enum transition project_load_end(struct job *job, struct error *err);
/* The row, wherever it came from; the payload was read before. */
bool project_read_brief(struct job *job, const char *json, struct error *err) MUST_CHECK;

/* learn: asks the text model for features, where they are wanted and not known yet. */
bool project_extract_features(struct job *job, struct error *err) MUST_CHECK;
enum transition project_extract_features_end(struct job *job, struct error *err);

/* share: stores what was new_features, for every job of the project. */
bool project_save_features(struct job *job, struct error *err) MUST_CHECK;
enum transition project_save_features_end(struct job *job, struct error *err);

#endif

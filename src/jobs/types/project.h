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
    const char *learnt; /* features as JSON, when this job learnt them */
};

/* brief: one SQL round trip; fails at once where the project is not there or not the user's. */
bool project_brief(struct job *job, struct error *err) MUST_CHECK;
enum next project_brief_end(struct job *job, struct error *err);
/* The row, wherever it came from; the payload was read before. */
bool project_take_brief(struct job *job, const char *json, struct error *err) MUST_CHECK;

/* learn: asks the text model for features, where they are wanted and not known yet. */
bool project_learn(struct job *job, struct error *err) MUST_CHECK;
enum next project_learn_end(struct job *job, struct error *err);

/* share: stores what was learnt, for every job of the project. */
bool project_share(struct job *job, struct error *err) MUST_CHECK;
enum next project_share_end(struct job *job, struct error *err);

#endif

/* project.h - the steps that every job type begins with: load the project, extract the product's
 * features, save them. A type's state begins with struct project_state. */
#ifndef JOBS_TYPES_PROJECT_H
#define JOBS_TYPES_PROJECT_H
#include "jobs/job.h"
#include "model/payload.h"

struct project_state {
    struct payload payload;
    struct brief brief;
    bool wants_features;      /* the prompt uses the product's features */
    const char *new_features; /* JSON; set if this job extracted them */
};

/* Loads the project. Fails at once if it does not exist or belongs to another user. */
bool project_load(struct job *job, struct error *err) MUST_CHECK;
enum transition project_load_end(struct job *job, struct error *err);
/* Reads the project's row into state->brief; the payload must have been read. */
bool project_read_brief(struct job *job, const char *json, struct error *err) MUST_CHECK;

/* Finds the image rules of the payload's marketplace, or of the worker's if it names none.
 * ERROR_INPUT, with the known ones, if it names one that has no rules. */
bool project_rules(const struct job_context *job_context, const struct payload *payload,
                   enum image_kind kind, const char **marketplace, const struct image_rules **rules,
                   struct error *err) MUST_CHECK;

/* Asks the text model for the product's features, if they are wanted and not known yet. */
bool project_extract_features(struct job *job, struct error *err) MUST_CHECK;
enum transition project_extract_features_end(struct job *job, struct error *err);

/* Saves new features in the database, for all jobs of the project. */
bool project_save_features(struct job *job, struct error *err) MUST_CHECK;
enum transition project_save_features_end(struct job *job, struct error *err);

/* Reads the reply of a commit, which is the last step of every job type. */
enum transition project_commit_end(struct job *job, struct error *err);

#endif

/* job_show.h - everything that is recorded about one job. */
#ifndef CLI_JOBS_JOB_SHOW_H
#define CLI_JOBS_JOB_SHOW_H
#include "app/database.h"

/* Prints the job, as JSON with --json. `id` is complete. */
bool job_show(struct sql_session *session, const struct settings *settings, const char *id,
              struct error *err) MUST_CHECK;
/* Reads the job; the caller deletes *out. ERROR_INPUT if it does not exist. */
bool job_load(struct sql_session *session, const char *id, cJSON **out,
              struct error *err) MUST_CHECK;
#endif

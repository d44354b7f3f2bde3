/* job_logs.h - what happened to one job, in the order of time. */
#ifndef CLI_JOBS_JOB_LOGS_H
#define CLI_JOBS_JOB_LOGS_H
#include "app/database.h"

/* Prints one line per event of the job that the database has recorded, one object with --json, and
 * where its workers write their log lines. `id` is complete. */
bool job_logs(struct sql_session *session, const struct settings *settings, const char *id,
              struct error *err) MUST_CHECK;
#endif

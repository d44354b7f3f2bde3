/* job_retry.h - retries all failed jobs that match a filter: those that an incident burned. */
#ifndef CLI_JOBS_JOB_RETRY_H
#define CLI_JOBS_JOB_RETRY_H
#include "app/database.h"

/* Shows how many jobs match, what they cost, and asks, unless --yes; then retries one job per
 * transaction. Jobs that were retried before are left out, so a repeated command queues nothing
 * twice. Returns the exit status, or 0 with *err set. */
int job_retry_matching(struct sql_session *session, const struct settings *settings,
                       struct error *err);
/* Prints the answer of the query jobs_retry for a job as a JSON object. Adds members to it. */
void job_retry_print(cJSON *answer, const char *id);
#endif

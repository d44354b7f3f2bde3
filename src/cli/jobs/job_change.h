/* job_change.h - cancels and retries jobs that are named. */
#ifndef CLI_JOBS_JOB_CHANGE_H
#define CLI_JOBS_JOB_CHANGE_H
#include "app/database.h"

/* Retries or cancels the jobs with the given ids, or beginnings of ids, in order, and prints what
 * was done; stops at the first that cannot be changed. With --dry-run nothing is changed. Asks at a
 * terminal before it cancels. */
bool job_change(struct sql_session *session, const struct settings *settings, bool retries,
                int count, char **given, struct error *err) MUST_CHECK;
#endif

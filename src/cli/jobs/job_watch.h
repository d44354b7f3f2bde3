/* job_watch.h - darkroom jobs --watch. */
#ifndef CLI_JOBS_JOB_WATCH_H
#define CLI_JOBS_JOB_WATCH_H
#include "app/database.h"

/* Shows the list of jobs, as the flags select it, until it is stopped. Without a terminal, prints a
 * line, or an object with --json, for each job whose state or message has changed. */
int job_watch(const struct settings *settings, struct error *err);
#endif

/* job_filter.h - which jobs `darkroom jobs` lists or retries, from its flags. */
#ifndef CLI_JOBS_JOB_FILTER_H
#define CLI_JOBS_JOB_FILTER_H
#include "app/database.h"

/* The settings that job_filter_read reads, for the list of a command. */
#define JOB_FILTER_SETTINGS                                                                        \
    "status", "type", "reason", "user", "project", "batch", "since", "before"

/* Reads the flags; ids may be shortened. *out is the JSON that sql/queries/jobs_list.sql takes, and
 * "{}" if no flag is given; the caller frees it. ERROR_INPUT names the valid values. */
bool job_filter_read(struct sql_session *session, const struct settings *settings, char **out,
                     struct error *err) MUST_CHECK;
/* True if a flag limits the jobs. --status alone does not count: "all failed jobs" is no choice. */
bool job_filter_is_given(const struct settings *settings);
#endif

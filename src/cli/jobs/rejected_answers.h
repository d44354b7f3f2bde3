/* rejected_answers.h - the answers of models that were rejected for a job, with their pictures. */
#ifndef CLI_JOBS_REJECTED_ANSWERS_H
#define CLI_JOBS_REJECTED_ANSWERS_H
#include <cjson/cJSON.h>

#include "io/postgres/sql.h"

/* Adds them to the job's object as "rejections", and writes each picture as JOB-CALL.jpg into
 * `folder`, which is created; with NULL no pictures are read. */
bool rejected_answers_add(struct sql_session *session, const char *job_id, const char *folder,
                          cJSON *job, struct error *err) MUST_CHECK;
/* Prints them as a table; nothing if there are none. */
void rejected_answers_print(const cJSON *job);
#endif

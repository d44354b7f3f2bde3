/* job_list.h - jobs as rows of a table: packs with their parts indented below them. */
#ifndef CLI_JOBS_JOB_LIST_H
#define CLI_JOBS_JOB_LIST_H
#include <stdio.h>

#include "app/database.h"

/* Reads the newest `count` jobs that match the filter, and the parents of listed parts. The caller
 * deletes *rows. */
bool job_list_query(struct sql_session *session, const char *filter, int64_t count, cJSON **rows,
                    struct error *err) MUST_CHECK;
/* Adds the texts that job_list_print shows. `short_ids`: as many characters as tell them apart. */
void job_list_prepare(cJSON *rows, bool short_ids, int64_t now_ms);
void job_list_print(FILE *to, const cJSON *rows);
/* "pack", "main image", "A+ content": what the job of this type makes. `image` may be NULL. */
const char *job_list_what(const char *type, const char *image);
#endif

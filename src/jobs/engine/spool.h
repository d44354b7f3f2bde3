/* spool.h - paid answers on disk, until their job is settled.
 *
 * An answer that cost money is written before anyone reads it; a job that is run again finds it
 * there. One file an answer: "<job id>.<step>.<round>". Only good answers are spooled; an answer
 * that a check turned down is removed, so that it does not come back. */
#ifndef JOBS_ENGINE_SPOOL_H
#define JOBS_ENGINE_SPOOL_H
#include "base/arena.h"
#include "io/op.h"
#include "io/postgres/sql.h"

char *spool_path(const char *folder, const char *job_id, const char *step, int round,
                 struct arena *arena);

/* What stands in the file before the answer's body: a line of JSON (status, request id, attempt).
 * NULL where there is no memory. */
const char *spool_head(const struct http_response *got, int64_t attempt_id, struct arena *arena);

/* Reads such a file into *got (body owned by got). False where the file is damaged: it is
 * then as if it were not there. */
bool spool_read(const struct blob *file, struct http_response *got, int64_t *attempt_id);

/* Removes every answer of a job. Blocking, quick. */
void spool_remove_job(const char *folder, const char *job_id);

/* Removes the answers of jobs that have ended in this database: their worker died between settling
 * and dropping. Those of jobs that this database does not know stay: the folder may serve another.
 * Blocking. */
bool spool_remove_ended(const char *folder, struct sql_session *session,
                        struct error *err) MUST_CHECK;

/* Removes answers older than max_age_ms (jobs that ended elsewhere). Returns how many. */
int spool_remove_older(const char *folder, int64_t now_ms, int64_t max_age_ms);
#endif

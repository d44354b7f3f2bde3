/* spool.h - the folder of paid answers, kept until their job ends.
 *
 * An answer that cost money is written to disk before it is read, so that a job that is interrupted
 * finds it there when it is processed again. One file per answer: "<job id>.<step>.<call index>".
 * Only good answers are spooled; one that a check rejects is removed, so that it is not read
 * again. */
#ifndef JOBS_ENGINE_SPOOL_H
#define JOBS_ENGINE_SPOOL_H
#include "base/arena.h"
#include "io/op.h"
#include "io/postgres/sql.h"

char *spool_path(const char *folder, const char *job_id, const char *step, int call_index,
                 struct arena *arena);

/* Returns the line of JSON that precedes the body in the file (status, request id, call id); NULL
 * if out of memory. */
const char *spool_head(const struct http_response *response, int64_t attempt_id,
                       struct arena *arena);

/* Parses such a file into *response (which owns the body). Returns false if the file is damaged: it
 * is then treated as missing. */
bool spool_read(const struct blob *file, struct http_response *response, int64_t *attempt_id);

/* Renames a file if it exists and the new path does not. */
void spool_rename(const char *from, const char *to);

/* Removes all answers of a job. Blocks briefly. */
void spool_remove_job(const char *folder, const char *job_id);

/* Removes the answers of jobs that have ended in this database: their worker died between the
 * commit and the removal. Keeps those of jobs unknown to this database, because another one may
 * share the folder. Blocks. */
bool spool_remove_ended(const char *folder, struct sql_session *session,
                        struct error *err) MUST_CHECK;

/* True for a file name of spool_path: job id, step and call index. */
bool spool_names_answer(const char *name);

/* True if the file begins with the line of spool_head and is complete, so that it was written by
 * this program. Blocks. */
bool spool_holds_answer(const char *path);

/* Removes answers older than max_age_ms, whose jobs ended elsewhere; no other files. Returns how
 * many. Blocks. */
int spool_remove_older(const char *folder, int64_t now_ms, int64_t max_age_ms);
#endif

/* spool.h - the folder of paid answers, kept until their job ends.
 *
 * An answer that cost money is written to disk before it is read, so that a job that is interrupted
 * finds it there when it is processed again. One file per answer: "<job id>.<step>.<call index>".
 * Only good answers are spooled; one that a check rejects is removed, so that it is not read
 * again.
 *
 * A marker file with a random id shows that the folder is a spool. Without it, a folder with other
 * files is never used. Only files with the names of answers are ever removed. */
#ifndef JOBS_ENGINE_SPOOL_H
#define JOBS_ENGINE_SPOOL_H
#include "base/arena.h"
#include "base/digest.h"
#include "io/op.h"
#include "io/postgres/sql.h"

/* -- the folder ------------------------------------------------------------------------------ */

#define SPOOL_MARKER ".darkroom-spool"
enum { SPOOL_ID = 37 };

struct spool_folder {
    const char *path;     /* borrowed */
    char id[SPOOL_ID];    /* from the marker, the same for all workers that use the folder; "" while
                             the folder cannot be used */
    int64_t next_open_us; /* while it cannot be used: when it is tried again */
    char problem[200];    /* the last one that was logged; "": answers are written */
};

/* Opens the folder: creates it with mode 0700, and its marker if it is empty or a spool of a
 * release that wrote no marker. Returns false with ERROR_CONFIG if the folder must not be used,
 * because it holds other files or others may write to it. If it cannot be used now (read-only, for
 * example), succeeds with *problem set and out->id "". Blocks briefly. */
bool spool_open(const char *path, struct spool_folder *out, struct error *problem,
                struct error *err) MUST_CHECK;

/* Returns true if the folder has the marker of a spool. Blocks briefly. */
bool spool_is_marked(const char *path);

/* Returns true if answers can be written to the folder as far as is known; otherwise opens it
 * again, at most every ten seconds. Returns false with the reason. Blocks briefly. */
bool spool_is_open(struct spool_folder *folder, struct error *problem);

/* Logs a change: answers cannot be written, and what follows from it, or can again (problem NULL).
 * Logs the same reason once. */
void spool_log_state(struct spool_folder *folder, const struct error *problem);

/* Returns how long only workers with the spool that holds a job's answer claim the job: 300 retry
 * delays, by default ten minutes. */
uint32_t spool_takeover_ms(uint32_t retry_base_ms);

/* -- answers --------------------------------------------------------------------------------- */

char *spool_path(const char *folder, const char *job_id, const char *step, int call_index,
                 struct arena *arena);

/* Returns the lowest call index from `call_index` on for which an answer of the step exists;
 * `call_index` if none does. Blocks briefly. */
int spool_find(const char *folder, const char *job_id, const char *step, int call_index,
               struct arena *arena);

struct spooled_call {         /* what the file says about the call */
    int64_t attempt_id;       /* of its record */
    char digest[DIGEST_TEXT]; /* of its request; "" in files of older releases */
};

/* Returns the line of JSON that precedes the body in the file (status, request id, call); NULL if
 * out of memory. */
const char *spool_head(const struct http_response *response, const struct spooled_call *call,
                       struct arena *arena);

/* Parses such a file into *response (which owns the body). Returns false if the file is damaged: it
 * is then treated as missing. */
bool spool_read(const struct blob *file, struct http_response *response, struct spooled_call *call);

/* Renames a file if it exists and the new path does not. */
void spool_rename(const char *from, const char *to);

/* Removes all answers of a job. Blocks briefly. */
void spool_remove_job(const char *folder, const char *job_id);

/* Leaves the pending jobs whose answers lie in the folder to the workers that use it, and removes
 * the answers of jobs that have ended in this database: their worker died between the commit and
 * the removal. Keeps those of jobs unknown to this database for a week, because another one may
 * share the folder. Blocks. */
bool spool_adopt(const struct spool_folder *folder, uint32_t takeover_ms,
                 struct sql_session *session, struct error *err) MUST_CHECK;

/* True for a file name of spool_path: job id, step, perhaps the id of an item, and call index. */
bool spool_names_answer(const char *name);

/* True if the file begins with the line of spool_head and is complete, so that it was written by
 * this program. Blocks. */
bool spool_holds_answer(const char *path);

/* Removes answers older than max_age_ms, whose jobs ended elsewhere; no other files, and nothing in
 * a folder without the marker. Returns how many. Blocks. */
int spool_remove_older(const char *folder, int64_t now_ms, int64_t max_age_ms);
#endif

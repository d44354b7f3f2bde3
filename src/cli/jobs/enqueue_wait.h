/* enqueue_wait.h - waits for a queued job, and shows its progress. */
#ifndef CLI_JOBS_ENQUEUE_WAIT_H
#define CLI_JOBS_ENQUEUE_WAIT_H
#include "app/database.h"

/* Returns when the job has ended: 0 if it is completed, EXIT_STATUS_SOME_FAILED if it failed, or
 * EXIT_STATUS_INTERRUPTED on Ctrl-C, which leaves the job in the queue. Ends with one sentence, or
 * an object with --json. */
int enqueue_wait(struct sql_session *session, const struct settings *settings, const char *job,
                 struct error *err);
#endif

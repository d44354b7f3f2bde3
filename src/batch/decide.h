/* decide.h - accepts, rejects or reverts candidates of a batch, each in its own transaction.
 *
 * Every decision is idempotent: one that was made before is reported as already made. After an
 * interruption, run the same command again. */
#ifndef BATCH_DECIDE_H
#define BATCH_DECIDE_H
#include "app/database.h"
#include "batch/decide_select.h"

/* Carries out the decisions in order, removes the files of rejected candidates from the store, and
 * prints a summary. Returns the exit status. */
int decide(const struct settings *settings, struct sql_session *session, const char *batch,
           const struct decision_targets *targets, struct error *err);
#endif

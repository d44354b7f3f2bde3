/* decide.h - accepts, rejects or reverts candidates of a batch, each in its own transaction.
 *
 * Every decision is idempotent: one that was made before is reported as already made. After an
 * interruption, run the same command again. */
#ifndef BATCH_DECIDE_DECIDE_H
#define BATCH_DECIDE_DECIDE_H
#include "app/database.h"
#include "batch/decide/decide_select.h"

enum { DECIDE_TRASH_DAYS = 30 }; /* as in sql/install/012_tidy.sql */

/* Carries out the decisions in order and prints a summary. Returns the exit status. The files of
 * rejected candidates stay in the store: `darkroom tidy` removes them after DECIDE_TRASH_DAYS. */
int decide(const struct settings *settings, struct sql_session *session, const char *batch,
           const struct decision_targets *targets, struct error *err);
#endif

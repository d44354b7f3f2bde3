/* decide.h - what counts: candidates of a batch accepted, rejected, reverted, one transaction each.
 *
 * Each may be said again: what is done already is told as done. So a command that was cut off is
 * simply given once more. */
#ifndef BATCH_DECIDE_H
#define BATCH_DECIDE_H
#include "app/database.h"
#include "batch/review/candidate.h"
#include "batch/review/decisions.h"

enum decide_verb { DECIDE_ACCEPT, DECIDE_REJECT, DECIDE_REVERT };

struct decision_target { /* one candidate, and what is to become of it */
    int item, variant;
    enum decide_verb verb;
};

struct decision_targets {
    struct decision_target *list;
    int count, room;
};

void decision_targets_add(struct decision_targets *decision_targets, int item, int variant,
                          enum decide_verb verb);
void decision_targets_free(struct decision_targets *decision_targets);

/* Carries them out, in order, and tells; the exit status. Files of what is rejected are removed
 * from the store. */
int decide(const struct settings *settings, struct sql_session *session, const char *batch,
           const struct decision_targets *decision_targets, struct error *err);

/* -- decide_select.c: which ones -------------------------------------------------------------- */

/* From the words behind BATCH, --all, --passed or --file: exactly one of these. ERROR_INPUT says
 * what is wrong with them. Freed with decision_targets_free, after failure too. */
bool decide_select(const struct settings *settings, struct sql_session *session,
                   enum decide_verb verb, int argc, char **argv, struct decision_targets *out,
                   struct error *err) MUST_CHECK;
#endif

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

struct wish { /* one candidate, and what is to become of it */
    int item, variant;
    enum decide_verb verb;
};

struct wishes {
    struct wish *list;
    int count, room;
};

void wishes_add(struct wishes *wishes, int item, int variant, enum decide_verb verb);
void wishes_free(struct wishes *wishes);

/* Carries them out, in order, and tells; the exit status. Files of what is rejected are removed
 * from the store. */
int decide(const struct settings *settings, struct sql_session *session, const char *batch,
           const struct wishes *wishes, struct error *err);

/* -- decide_choose.c: which ones -------------------------------------------------------------- */

/* From the words behind BATCH, --all, --passed or --file: exactly one of these. ERROR_INPUT says
 * what is wrong with them. Freed with wishes_free, after failure too. */
bool decide_choose(const struct settings *settings, struct sql_session *session,
                   enum decide_verb verb, int argc, char **argv, struct wishes *out,
                   struct error *err) MUST_CHECK;
#endif

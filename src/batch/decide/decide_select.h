/* decide_select.h - selects the candidates that a command decides on. */
#ifndef BATCH_DECIDE_DECIDE_SELECT_H
#define BATCH_DECIDE_DECIDE_SELECT_H
#include "app/database.h"

enum decide_verb { DECIDE_ACCEPT, DECIDE_REJECT, DECIDE_REVERT };

struct decision_target { /* one candidate, and the decision on it */
    int item, variant;
    enum decide_verb verb;
};

struct decision_targets {
    struct decision_target *list;
    int count, capacity;
};

/* Selects by exactly one of: items named after BATCH, --file, --all, --passed, --rejected, or
 * --where and --sql, which also narrow the three flags. Fails with ERROR_INPUT otherwise. Free *out
 * with decision_targets_free, also after a failure. */
bool decide_select(const struct settings *settings, struct sql_session *session,
                   enum decide_verb verb, int argc, char **argv, struct decision_targets *out,
                   struct error *err) MUST_CHECK;
void decision_targets_free(struct decision_targets *targets);
#endif

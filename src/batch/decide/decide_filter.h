/* decide_filter.h - the candidates of a batch that --where and --sql select for a decision. */
#ifndef BATCH_DECIDE_DECIDE_FILTER_H
#define BATCH_DECIDE_DECIDE_FILTER_H
#include "app/database.h"

struct candidate_id {
    int item, variant;
};

struct decide_filter {
    bool given;                   /* false: --where and --sql are not given; all candidates match */
    struct candidate_id *matches; /* ascending */
    int count;
};

/* Returns whether --where or --sql is given. */
bool decide_filter_is_given(const struct settings *settings);
/* Queries the candidates that meet both conditions. ERROR_INPUT names the flag whose condition is
 * wrong. Free *out with decide_filter_free, also after a failure. */
bool decide_filter_read(const struct settings *settings, struct sql_session *session,
                        const char *batch, struct decide_filter *out, struct error *err) MUST_CHECK;
bool decide_filter_has(const struct decide_filter *filter, int item, int variant);
void decide_filter_free(struct decide_filter *filter);
#endif

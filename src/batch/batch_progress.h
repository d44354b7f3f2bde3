/* batch_progress.h - what is shown of a batch under way: rows that stay in their place on a
 * terminal, a plain line now and then elsewhere, or events as JSON, one a line. */
#ifndef BATCH_BATCH_PROGRESS_H
#define BATCH_BATCH_PROGRESS_H
#include <cjson/cJSON.h>

#include "term/eta.h"
#include "term/term_progress.h"

enum { WATCH_LINE = 120, PROGRESS_ERRORS = 4 };

struct batch_progress {
    const char *batch;
    double usd_estimated; /* negative: not known */
    bool json;
    struct term_progress *term; /* NULL: not begun, or over */
    struct eta pace;
    int64_t began_us, told_us;
    char lines[4 + PROGRESS_ERRORS + 1][WATCH_LINE], counts[PROGRESS_ERRORS][24];
};

void batch_progress_begin(struct batch_progress *watch, const char *batch, double usd_estimated,
                          bool json);
/* `standing`: the answer of batch_progress, or NULL while there is none; `trouble`: what is in the
 * way just now, or NULL. Call it as often as one likes. */
void batch_progress_show(struct batch_progress *watch, const cJSON *standing, const char *trouble);
void batch_progress_note(struct batch_progress *watch, const char *line); /* to people alone */
/* The last picture, and the summary; `event`: "done", "paused", "cancelled". */
void batch_progress_end(struct batch_progress *watch, const cJSON *standing, const char *event);

/* What a batch has come to, for people: made, failed, cost, errors. */
void batch_progress_summary(FILE *to, const cJSON *standing, double usd_estimated, double seconds);
#endif

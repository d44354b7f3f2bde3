/* batch_progress.h - displays the progress of a running batch: rows redrawn in place on a terminal,
 * one plain line every 10 s elsewhere, or one JSON event per second with --json. */
#ifndef BATCH_BATCH_PROGRESS_H
#define BATCH_BATCH_PROGRESS_H
#include <cjson/cJSON.h>

#include "io/log_writer.h"
#include "term/eta.h"
#include "term/term_progress.h"

enum { PROGRESS_TEXT = 120, PROGRESS_ERRORS = 4 };

struct batch_progress {
    const char *batch;
    double usd_estimated; /* negative if unknown */
    bool json;
    struct term_progress *term; /* NULL before the first and after the last drawing */
    struct log_writer *err_writer, *out_writer; /* of stderr and stdout while the batch runs */
    FILE *err, *out;                            /* their streams, which never block */
    struct eta eta;
    int64_t started_us, printed_us;
    char texts[4 + PROGRESS_ERRORS + 1][PROGRESS_TEXT], counts[PROGRESS_ERRORS][24];
};

/* Until batch_progress_close, nothing that is printed blocks the caller: on a terminal that is
 * stopped, or for a reader that does not read, output waits in memory, and output beyond 1 MB is
 * dropped. Log lines take the same way. */
void batch_progress_begin(struct batch_progress *display, const char *batch, double usd_estimated,
                          bool json);
/* `progress` is the answer of darkroom.batch_progress, or NULL before the first answer. `problem`
 * is what currently stops the batch, or NULL. May be called at any rate: limits its own output. */
void batch_progress_show(struct batch_progress *display, const cJSON *progress,
                         const char *problem);
/* Prints a note to stderr; with --json too. */
void batch_progress_note(struct batch_progress *display, const char *text);
/* Draws the last state and prints the summary. `event` is "done", "paused" or "cancelled". */
void batch_progress_end(struct batch_progress *display, const cJSON *progress, const char *event);
/* Waits until everything is printed: for a stopped terminal without limit, for another reader at
 * most ten seconds. Further lines may be printed to display->err until then. */
void batch_progress_close(struct batch_progress *display);

/* Prints the counts, cost and errors of a batch. `seconds` is negative if unknown. */
void batch_progress_summary(FILE *to, const cJSON *progress, double usd_estimated, double seconds);
#endif

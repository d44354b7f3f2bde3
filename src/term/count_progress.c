/* count_progress.c - numbers done and time left, as a row or as lines. */
#include "term/count_progress.h"

#include <stdio.h>

#include "base/clock.h"
#include "term/duration.h"

enum { LINE_US = 10 * 1000 * 1000, LEFT_BYTES = 48, STATE_BYTES = 160 };

void count_progress_begin(struct count_progress *progress, const char *name, int64_t total,
                          bool quiet)
{
    *progress = (struct count_progress){
        .name = name, .total = total, .quiet = quiet, .began_us = clock_mono_us()
    };
    progress->printed_us = progress->began_us;
    if (!quiet && term_is_live(stderr)) {
        progress->term = term_progress_begin(stderr, stderr);
    }
}

static void format_state(const struct count_progress *progress, int64_t done, const char *detail,
                         char out[STATE_BYTES])
{
    char left[LEFT_BYTES] = "not known yet";
    double min, max;
    int used;

    if (progress->total <= 0) {
        used = snprintf(out, STATE_BYTES, "%lld", (long long)done);
    } else {
        if (done >= progress->total) {
            snprintf(left, sizeof left, "none");
        } else if (eta_remaining(&progress->eta, progress->total - done, 0, &min, &max)) {
            duration_text(min, max, left, sizeof left);
        }
        used = snprintf(out, STATE_BYTES, "%lld of %lld, time left: %s", (long long)done,
                        (long long)progress->total, left);
    }
    if (detail) {
        snprintf(out + used, STATE_BYTES - (size_t)used, ", %.60s", detail);
    }
}

void count_progress_show(struct count_progress *progress, int64_t done, const char *detail)
{
    int64_t now = clock_mono_us();
    char state[STATE_BYTES];
    struct term_progress_row row = { .name = progress->name,
                                     .state = state,
                                     .began_us = progress->began_us };

    if (progress->quiet) {
        return;
    }
    eta_add_sample(&progress->eta, now, done);
    if (progress->term) {
        format_state(progress, done, detail, state);
        term_progress_update(progress->term, &row, 1);
    } else if (now - progress->printed_us >= LINE_US) {
        format_state(progress, done, detail, state);
        fprintf(stderr, "%s: %s\n", progress->name, state);
        progress->printed_us = now;
    }
}

void count_progress_note(struct count_progress *progress, const char *line)
{
    if (progress->term) {
        term_progress_note(progress->term, line);
    } else {
        fprintf(stderr, "%s\n", line);
    }
}

void count_progress_end(struct count_progress *progress)
{
    if (progress->term) {
        term_progress_end(progress->term, NULL, 0);
        progress->term = NULL;
    }
}

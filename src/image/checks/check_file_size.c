/* check_file_size.c - the file must be within the marketplace's size limit. */
#include <stdio.h>

#include "image/checks/check.h"

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    out->measured = (double)subject->file_bytes;
    out->limit = limits[0];
    out->passed = subject->file_bytes > 0 && (double)subject->file_bytes <= limits[0];
    snprintf(out->message, sizeof out->message, "the file has %.1f MB; %.1f MB are allowed",
             out->measured / 1e6, limits[0] / 1e6);
}

const struct check check_file_size = {
    .name = "file_size",
    .source = "the marketplaces' limits on uploads",
    .limits = "maximum size in bytes",
    .limit_count = 1,
    .run = run,
};

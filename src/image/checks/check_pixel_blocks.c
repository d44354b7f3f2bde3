/* check_pixel_blocks.c - no grid of blocks: pixels enlarged by repetition, or strong compression.
 */
#include <math.h>
#include <stdio.h>

#include "image/checks/check.h"
#include "image/pixel_blocks.h"

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    out->limit = limits[0];
    out->measured = fmax(subject->received_blocks, pixel_blocks_of(subject->image));
    out->passed = out->measured <= limits[0];
    snprintf(out->message, sizeof out->message,
             out->passed ? "no blocks (%.2f)" : "the image consists of blocks of pixels (%.2f)",
             out->measured);
}

const struct check check_pixel_blocks = {
    .name = "pixel_blocks",
    .source = "an image enlarged by repeating pixels has its edges on a grid: 1.0, or 0.29 if its "
              "size is no whole number; others "
              "have up to 0.13 (JPEG of quality 10)",
    .limits = "maximum concentration of edges on a grid in both directions, 0 to 1",
    .limit_count = 1,
    .run = run,
};

/* check_pixel_blocks.c - no grid of blocks: pixels enlarged by repetition, or strong compression.
 */
#include <math.h>
#include <stdio.h>

#include "image/checks/check.h"

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    const struct pixel_blocks stored = pixel_blocks_of(subject->image);
    double steps = fmax(subject->received.steps, stored.steps);
    bool compressed = limits[1] > 0 && steps > limits[1];

    out->limit = limits[0];
    out->measured = fmax(subject->received.repeated, stored.repeated);
    out->passed = out->measured <= limits[0] && !compressed;
    if (compressed) {
        snprintf(out->message, sizeof out->message,
                 "the image is compressed too much: it consists of blocks of 8 pixels (%.0f)",
                 steps);
    } else {
        snprintf(out->message, sizeof out->message,
                 out->passed ? "no blocks (%.2f)" : "the image consists of blocks of pixels (%.2f)",
                 out->measured);
    }
}

const struct check check_pixel_blocks = {
    .name = "pixel_blocks",
    .source =
        "an image enlarged by repeating pixels has its edges on a grid: 1.0, or 0.29 if its "
        "size is no whole number; others have up to 0.14. Without those of single outlines, steps "
        "at the borders of JPEG's blocks are 18 to 123 times as frequent as elsewhere at a quality "
        "of 10, up to 10.7 times at 60, 6.1 at 75, 1.8 at 95 (six products on two backgrounds)",
    .limits = "maximum concentration of edges on a grid in both directions, 0 to 1; maximum ratio "
              "of steps at the borders of blocks to others, 0: any",
    .limit_count = 2,
    .of_picture = true,
    .run = run,
};

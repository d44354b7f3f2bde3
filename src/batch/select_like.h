/* select_like.h - selects one image by --from, with the model, quality and prompt it was made with.
 */
#ifndef BATCH_SELECT_LIKE_H
#define BATCH_SELECT_LIKE_H
#include "batch/regenerate.h"

/* Reads --prompt-file and --from; queries the database only with --from. `argc` counts the image
 * arguments, which --from excludes. */
bool select_like_read(struct regenerate *regenerate, int argc, struct error *err) MUST_CHECK;
/* Returns --quality, or the quality of the --from image, or NULL for the default. */
const char *select_like_quality(const struct regenerate *regenerate);
#endif

/* select.h - selects the images to regenerate. */
#ifndef BATCH_SELECT_H
#define BATCH_SELECT_H
#include "batch/regenerate.h"

/* Reads conditions and ids from flags, arguments and --ids. Does not query the database. An
 * ERROR_INPUT names the flag. */
bool select_read_flags(struct regenerate *regenerate, int argc, char **argv,
                       struct error *err) MUST_CHECK;
/* Queries the selected images into regenerate->selection. Fails with ERROR_INPUT if none match. */
bool select_query(struct regenerate *regenerate, struct error *err) MUST_CHECK;
#endif

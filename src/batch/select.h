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

/* Returns an empty filter that rejects unknown names of checks; where_free frees it. */
struct where_expression *select_where_new(void);
/* Puts the flag's name before the message of an error in its value; always returns false. */
bool select_name_flag(const char *flag, struct error *err);
#endif

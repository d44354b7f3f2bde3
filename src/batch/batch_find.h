/* batch_find.h - the batch that a word names. */
#ifndef BATCH_BATCH_FIND_H
#define BATCH_BATCH_FIND_H
#include "app/database.h"

/* What batch_show says of it; the caller deletes *out. ERROR_INPUT where this database has no such
 * batch, with a word on one of the same number from another database. */
bool batch_find(struct sql_session *session, const char *id, cJSON **out,
                struct error *err) MUST_CHECK;

/* Says why such a batch is not in this list, batch_list's answer; false. */
bool batch_not_found(const cJSON *list, const char *id, struct error *err);

/* Calls `take` for all rows of a batch, so many items at a time, in order. Rows die after each
 * call; a false ends it. */
bool batch_read_items(struct sql_session *session, const char *id, int items,
                      bool (*take)(const cJSON *rows, void *context, struct error *err),
                      void *context, struct error *err) MUST_CHECK;
#endif

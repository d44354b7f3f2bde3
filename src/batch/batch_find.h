/* batch_find.h - looks a batch up by its id, and reads its items in chunks. */
#ifndef BATCH_BATCH_FIND_H
#define BATCH_BATCH_FIND_H
#include "app/database.h"

/* Reads the row that darkroom.batch_show returns; the caller deletes *out. Fails with ERROR_INPUT
 * if this database has no such batch. */
bool batch_find(struct sql_session *session, const char *id, cJSON **out,
                struct error *err) MUST_CHECK;

/* Sets the error for a batch id that is not in `list`, the rows that darkroom.batch_list returns.
 * If the id's number exists with another suffix, the error says that the id belongs to another
 * database. Always returns false. */
bool batch_not_found(const cJSON *list, const char *id, struct error *err);

/* Calls `on_rows` with the rows of `items` items at a time, ordered by item number, until all rows
 * of the batch are read or `on_rows` returns false. The rows are deleted after each call. */
bool batch_read_items(struct sql_session *session, const char *id, int items,
                      bool (*on_rows)(const cJSON *rows, void *context, struct error *err),
                      void *context, struct error *err) MUST_CHECK;
#endif

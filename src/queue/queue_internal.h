/* queue_internal.h - shared by the files of the queue: starts statements and reads replies. */
#ifndef QUEUE_QUEUE_INTERNAL_H
#define QUEUE_QUEUE_INTERNAL_H
#include <cjson/cJSON.h>

#include "queue/queue.h"

/* Makes op an OP_SQL for sql/queries/<statement>.sql; the caller adds the parameters. */
void queue_start(struct op *op, const char *statement, bool urgent);

/* Parses the JSON value of the reply; the caller deletes it. Reports {"lost":true} as ERROR_LOST
 * and an empty reply as ERROR_REMOTE. */
bool queue_read_reply(const struct op *op, cJSON **out, struct error *err) MUST_CHECK;

/* Starts a statement of a job: adds job id, lease and worker as the first parameters. */
void queue_start_for_job(struct op *op, struct arena *arena, const char *statement,
                         const struct holder *holder);
/* JSON parameters; NULL if there is no call. */
const char *queue_call_json(const struct attempt *done, struct arena *arena);
const char *queue_image_json(const struct image_row *row, struct arena *arena);
/* The text of an error as a sentence. */
const char *queue_reason(const struct error *why, struct arena *arena);
/* Technical text for operators: the error's class, text and hint. */
const char *queue_error_detail(const struct error *why, const struct attempt *done,
                               struct arena *arena);
#endif

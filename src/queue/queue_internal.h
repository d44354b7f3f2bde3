/* queue_internal.h - shared by the files of the queue: asking, and reading an answer. */
#ifndef QUEUE_QUEUE_INTERNAL_H
#define QUEUE_QUEUE_INTERNAL_H
#include <cjson/cJSON.h>

#include "queue/queue.h"

/* Makes op an OP_SQL for sql/queries/<statement>.sql; parameters are added after. */
void queue_ask(struct op *op, const char *statement, bool urgent);

/* Parses the one JSON value of the answer (the caller deletes it); {"lost":true} becomes
 * ERROR_LOST, no answer at all ERROR_REMOTE. */
bool queue_answer(const struct op *op, cJSON **out, struct error *err) MUST_CHECK;

/* A statement of a job: id, lease and worker are its first parameters. */
void queue_ask_for(struct op *op, struct arena *arena, const char *statement,
                   const struct holder *by);
/* JSON parameters; NULL where there is no attempt. */
const char *queue_attempt_json(const struct attempt *done, struct arena *arena);
const char *queue_image_json(const struct image_row *row, struct arena *arena);
/* Why a job failed, as people read it. */
const char *queue_reason(const struct error *why, struct arena *arena);
/* Technical text for operators: the error's class, text and hint. */
const char *queue_error_detail(const struct error *why, const struct attempt *done,
                               struct arena *arena);
#endif

/* batch_plan.h - what a change of a batch would do, before it is carried out. */
#ifndef BATCH_BATCH_PLAN_H
#define BATCH_BATCH_PLAN_H
#include "base/json.h"

enum batch_change { BATCH_PAUSE, BATCH_RESUME, BATCH_CANCEL, BATCH_RETRY_FAILED };
enum { BATCH_PLAN_BYTES = 600 };

/* Cancelling is final, and failed items are paid for again: both need a confirmation. */
bool batch_change_asks(enum batch_change change);

/* `batch` is the answer of batch_show here and below. Fails with ERROR_INPUT if the state of the
 * batch does not allow the change. */
bool batch_plan_check(const cJSON *batch, enum batch_change change, struct error *err) MUST_CHECK;

/* Writes the plan as sentences: "Cancel batch b7-3f2a for good: 12 of 40 items are not made." */
void batch_plan_text(const cJSON *batch, enum batch_change change, char out[BATCH_PLAN_BYTES]);

/* Returns the plan as an event for --json; the caller deletes it. */
cJSON *batch_plan_json(const cJSON *batch, enum batch_change change);

/* The price that was estimated when the batch was made, in USD; negative if unknown. */
double batch_estimated_usd(const cJSON *batch);
#endif

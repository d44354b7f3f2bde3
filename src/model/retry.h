/* retry.h - delay before the next attempt. */
#ifndef MODEL_RETRY_H
#define MODEL_RETRY_H
#include <stdint.h>

#include "base/error.h"

/* Returns the delay in milliseconds after attempt number `attempt` (from 1): exponential from
 * base_ms up to 5 minutes, of which a random half to whole; never less than err->retry_ms.
 * `random` is 32 random bits. */
uint32_t retry_delay(const struct error *err, int attempt, uint32_t base_ms, uint32_t random);
#endif

/* retry.h - when to try again. Pure. */
#ifndef MODEL_RETRY_H
#define MODEL_RETRY_H
#include <stdint.h>

#include "base/error.h"

/* Milliseconds before attempt number `attempt` + 1 (1-based), exponential from base_ms up to
 * 5 minutes, with full jitter between half and the whole, never less than err->retry_ms.
 * `random` is any 32 random bits. */
uint32_t retry_delay(const struct error *err, int attempt, uint32_t base_ms, uint32_t random);
#endif

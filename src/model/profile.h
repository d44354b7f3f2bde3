/* profile.h - latencies of calls to models, measured by `darkroom bench` or recorded by workers
 * (sql/queries/profile.sql). Timeouts are derived from them.
 *
 * JSON: {"schema": 1, "calls": [{"provider", "model", "task": "image"|"edit"|"text", "width",
 * "height", "quality", "count", "p50", "p90", "p95", "p99", "mean" (seconds), "usd" (of a usable
 * answer), "requestsAMinute"}]}. Unknown values are omitted. */
#ifndef MODEL_PROFILE_H
#define MODEL_PROFILE_H
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "model/kind.h"

enum { PROFILE_CALLS = 256 };

struct profile_call { /* calls of one model, task, size and quality; in seconds, NAN if unknown */
    char provider[40], model[80], quality[24];
    enum task task;
    struct size size; /* 0x0 for text */
    int64_t count;
    double p50, p90, p95, p99, mean;
    double usd;
    int64_t requests_a_minute; /* -1 if unknown */
};

struct profile {
    struct profile_call calls[PROFILE_CALLS];
    int count;
};

/* Reads untrusted input. Fails with ERROR_INPUT. */
bool profile_read(const char *json, size_t size, struct profile *out, struct error *err) MUST_CHECK;
void profile_print(const struct profile *profile, struct text *out);

/* Returns the most similar calls of this model and task: of this quality if there are some, then
 * closest in size. quality may be NULL. Returns NULL if the profile has no calls of this model
 * and task. */
const struct profile_call *profile_find(const struct profile *profile, const char *model,
                                        enum task task, struct size size, const char *quality);

/* Returns the provider's rate limit for the model in requests per minute, the lowest in the
 * profile, or -1 if unknown. `profile` may be NULL. */
int64_t profile_rate_limit(const struct profile *profile, const char *provider, const char *model);

/* Returns the timeout for a response: three times the 99th percentile plus ten seconds, at least
 * one minute, at most `max_ms`. Returns `max_ms` for NULL or fewer than 30 calls, because their
 * percentile is not reliable. */
uint32_t profile_timeout_ms(const struct profile_call *call, uint32_t max_ms);
#endif

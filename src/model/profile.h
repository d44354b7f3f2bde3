/* profile.h - how long calls to models took before: measured by `darkroom bench`, or recorded by
 * the workers themselves (sql/queries/profile.sql). Says how long to wait for the next one.
 *
 * JSON: {"schema": 1, "calls": [{"provider", "model", "task": "image"|"edit"|"text", "width",
 * "height", "quality", "count", "p50", "p90", "p95", "p99", "mean" (seconds), "usd" (of a usable
 * answer), "requestsAMinute"}]}; what is not known is left out. */
#ifndef MODEL_PROFILE_H
#define MODEL_PROFILE_H
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "model/kind.h"

enum { PROFILE_CALLS = 256 };

struct profile_call { /* calls of one kind; seconds, NAN where not known */
    char provider[40], model[80], quality[24];
    enum task task;
    struct size size; /* 0x0: text */
    int64_t count;
    double p50, p90, p95, p99, mean;
    double usd;
    int64_t requests_a_minute; /* -1: not known */
};

struct profile {
    struct profile_call calls[PROFILE_CALLS];
    int count;
};

/* Foreign bytes until this has read them: ERROR_INPUT names what is wrong. */
bool profile_read(const char *json, size_t size, struct profile *out, struct error *err) MUST_CHECK;
void profile_print(const struct profile *profile, struct text *out);

/* The calls most like these: of this model and task, the closest_match in size, of this quality
 * where there are some (quality may be NULL). NULL: none of this model and task are known. */
const struct profile_call *profile_find(const struct profile *profile, const char *model,
                                        enum task task, struct size size, const char *quality);

/* Requests a minute that the provider let through: the least that is known; -1: none is. `profile`
 * may be NULL. */
int64_t profile_rate_limit(const struct profile *profile, const char *provider, const char *model);

/* How long to wait for an answer: three times the 99th percentile and ten seconds more, at least a
 * minute, at most `most_ms`; `most_ms` where fewer than 30 calls are known, or none (NULL). */
uint32_t profile_timeout_ms(const struct profile_call *call, uint32_t most_ms);
#endif

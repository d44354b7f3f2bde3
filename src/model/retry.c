/* retry.c - exponential backoff with jitter. */
#include "model/retry.h"

enum { LONGEST_MS = 5 * 60 * 1000 };

uint32_t retry_delay(const struct error *err, int attempt, uint32_t base_ms, uint32_t random)
{
    uint64_t whole = base_ms;

    for (int i = 1; i < attempt && whole < LONGEST_MS; i++) {
        whole *= 2;
    }
    if (whole > LONGEST_MS) {
        whole = LONGEST_MS;
    }
    whole = whole / 2 + whole / 2 * (random & 0xffff) / 0xffff;
    /* adds jitter to a requested delay too, so that waiting jobs do not resume all at once */
    if (err->retry_ms > whole) {
        whole = err->retry_ms + (uint64_t)base_ms / 4 * (random >> 16) / 0xffff;
    }
    return whole < UINT32_MAX ? (uint32_t)whole : UINT32_MAX;
}

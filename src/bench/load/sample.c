/* sample.c - outcomes, derived times, and the list of samples. */
#include "bench/load/sample.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

const char *const outcome_names[OUTCOMES] = {
    "ok",          "invalid",      "refused", "rate_limited",  "quota_exceeded", "key_refused",
    "bad_request", "server_error", "timeout", "network_error", "aborted",        "shed",
};

const char *const outcome_labels[OUTCOMES] = {
    "ok",          "invalid",      "refused", "rate limited",  "quota exceeded", "key refused",
    "bad request", "server error", "timeout", "network error", "aborted",        "shed",
};

struct sample sample_of(int sequence, struct schedule_entry entry, bool warm_up)
{
    return (struct sample){ .sequence = sequence,
                            .entry = entry,
                            .warm_up = warm_up,
                            .store_us = -1,
                            .processing_ms = -1,
                            .cost_microusd = -1,
                            .duplicate_of = -1,
                            .usage = USAGE_UNKNOWN };
}

int64_t sample_usable_us(const struct sample *sample)
{
    return sample->ended_us - sample->due_us + sample->read_us + sample->check_us;
}

int64_t sample_took_us(const struct sample *sample)
{
    return sample->outcome == OUTCOME_OK ? sample_usable_us(sample)
                                         : sample->ended_us - sample->due_us;
}

int64_t sample_overhead_us(const struct sample *sample)
{
    return sample->started_us - sample->due_us + sample->times.loop_delay_us;
}

enum outcome outcome_of(const struct error *err, int status, bool timed_out)
{
    switch (err->kind) {
    case ERROR_NONE:
        return OUTCOME_OK;
    case ERROR_OUTPUT:
    case ERROR_FORMAT:
        return OUTCOME_INVALID;
    case ERROR_REFUSED:
        return OUTCOME_REFUSED;
    case ERROR_QUOTA:
        return OUTCOME_QUOTA;
    case ERROR_KEY:
        return OUTCOME_AUTH;
    case ERROR_CONFIG:
    case ERROR_INPUT:
        return OUTCOME_BAD_REQUEST;
    case ERROR_BUSY:
        return status == 429 ? OUTCOME_RATE_LIMITED : OUTCOME_SERVER_ERROR;
    case ERROR_REMOTE:
        return status >= 200 && status < 300 ? OUTCOME_INVALID : OUTCOME_SERVER_ERROR;
    case ERROR_NETWORK:
    case ERROR_DATABASE:
        return timed_out ? OUTCOME_TIMEOUT : OUTCOME_NETWORK_ERROR;
    default:
        return OUTCOME_ABORTED;
    }
}

void samples_add(struct samples *samples, const struct sample *sample)
{
    if (samples->count == samples->capacity) {
        size_t capacity = samples->capacity ? samples->capacity * 2 : 256;
        struct sample *rows = xrealloc(samples->rows, capacity * sizeof *rows);

        samples->rows = rows;
        samples->capacity = capacity;
    }
    samples->rows[samples->count++] = *sample;
}

static int by_image(const void *a, const void *b)
{
    const struct sample *x = *(struct sample *const *)a, *y = *(struct sample *const *)b;
    int order = strcmp(x->sha256, y->sha256);

    return order ? order : x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

void samples_find_duplicates(struct samples *samples)
{
    struct sample **order = xcalloc(samples->count + 1, sizeof(struct sample *));

    for (size_t i = 0; order && i < samples->count; i++) {
        order[i] = &samples->rows[i];
    }
    if (order) {
        qsort(order, samples->count, sizeof(struct sample *), by_image);
    }
    for (size_t i = 1; order && i < samples->count; i++) {
        const struct sample *before = order[i - 1];

        if (order[i]->sha256[0] && strcmp(order[i]->sha256, before->sha256) == 0) {
            order[i]->duplicate_of =
                before->duplicate_of >= 0 ? before->duplicate_of : before->sequence;
        }
    }
    free(order);
}

void samples_free(struct samples *samples)
{
    for (size_t i = 0; i < samples->count; i++) {
        blob_free(&samples->rows[i].thumbnail);
    }
    free(samples->rows);
    *samples = (struct samples){ 0 };
}

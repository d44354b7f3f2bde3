/* batches.c - the states of a batch: validation, answering line by line, end. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "standin/standin_internal.h"

static void set_state(struct batch *batch, enum batch_state state)
{
    batch->state = state;
    batch->entered_ms[state] = clock_wall_ms();
}

static void batch_free(struct batch *batch)
{
    for (int i = 0; i < batch->count; i++) {
        free(batch->lines[i].custom_id);
    }
    free(batch->lines);
    cJSON_Delete(batch->metadata);
    cJSON_Delete(batch->errors);
    if (batch->input) {
        fclose(batch->input);
    }
    for (int i = 0; i < 2; i++) {
        if (batch->results[i]) {
            fclose(batch->results[i]);
        }
    }
    free(batch);
}

void batches_reset(struct standin *standin)
{
    struct batch *next;

    for (struct batch *at = standin->batches.first; at; at = next) {
        next = at->next;
        if (at->busy) {
            at->removed = true; /* freed by the scheduler's thread */
        } else {
            batch_free(at);
        }
    }
    standin->batches.first = NULL;
}

void batches_close(struct standin *standin)
{
    batches_reset(standin);
}

/* -- called on the scheduler's thread ---------------------------------------------------------- */

static bool open_results(struct standin *standin, struct batch *batch)
{
    static const char *const words[] = { "output", "error" };
    struct upload *upload;
    struct error ignored;
    char name[100];

    for (int i = 0; i < 2; i++) {
        snprintf(name, sizeof name, "%s_%s.jsonl", batch->id, words[i]);
        if (!uploads_new(standin->uploads, name, "batch_output", &upload, &ignored) ||
            !(batch->results[i] = fopen(upload->path, "we"))) {
            return false;
        }
        memcpy(batch->result_id[i], upload->id, sizeof upload->id);
    }
    return true;
}

static void fail_batch(struct batch *batch)
{
    cJSON *error = cJSON_CreateObject();

    batch->errors = cJSON_CreateObject();
    cJSON_AddStringToObject(batch->errors, "object", "list");
    cJSON_AddStringToObject(error, "code", "server_error");
    cJSON_AddStringToObject(error, "message", "The server could not run the batch.");
    cJSON_AddItemToArray(cJSON_AddArrayToObject(batch->errors, "data"), error);
    set_state(batch, BATCH_FAILED);
}

/* Called without the lock, while the batch is busy. */
static bool validate(struct standin *standin, struct batch *batch)
{
    return batch->input && batch_check(batch, standin->models);
}

static void start_batch(struct standin *standin, struct batch *batch, bool valid)
{
    struct fault fault;

    if (!valid && batch->errors) {
        set_state(batch, BATCH_FAILED);
        return;
    }
    if (!valid || !open_results(standin, batch)) {
        fail_batch(batch);
        return;
    }
    if (batch->state == BATCH_CANCELLING) { /* cancelled during the validation */
        return;
    }
    fault = faults_strike(&standin->faults, SCOPE_BATCH, "/v1/batches", NULL, 0, &standin->random);
    batch->stop_after = fault.kind == FAULT_EXPIRE ? batch->count / 2 : batch->count;
    batch->duration_ms = latencies_next(&standin->latencies, "batches", &standin->random);
    batch->start_us = clock_mono_us();
    set_state(batch, BATCH_IN_PROGRESS);
}

static void end_batch(struct standin *standin, struct batch *batch, enum batch_state state)
{
    for (int i = 0; i < 2; i++) {
        struct upload *upload = uploads_find(standin->uploads, batch->result_id[i]);

        if (batch->results[i]) {
            fclose(batch->results[i]);
            batch->results[i] = NULL;
        }
        if (upload && batch->result_bytes[i] == 0) { /* the API returns no empty files */
            uploads_remove(standin->uploads, upload);
            batch->result_id[i][0] = '\0';
        } else if (upload) {
            upload->bytes = batch->result_bytes[i];
        }
    }
    if (state != BATCH_CANCELLED) {
        set_state(batch, BATCH_FINALIZING);
    }
    set_state(batch, state);
}

static int64_t line_due_us(const struct batch *batch)
{
    return batch->start_us + (int64_t)(batch->duration_ms * 1000 * (batch->done + 1) /
                                       (batch->count ? batch->count : 1));
}

static int64_t due_us(const struct batch *batch)
{
    switch (batch->state) {
    case BATCH_VALIDATING:
    case BATCH_CANCELLING:
        return 0;
    case BATCH_IN_PROGRESS:
        return batch->done < batch->stop_after ? line_due_us(batch) : 0;
    default:
        return INT64_MAX;
    }
}

static struct batch *next_due(struct standin *standin)
{
    struct batch *first = NULL;

    for (struct batch *at = standin->batches.first; at; at = at->next) {
        if (!first || due_us(at) <= due_us(first)) { /* the oldest of those due together */
            first = at;
        }
    }
    return first;
}

static void expire(struct standin *standin, struct batch *batch)
{
    for (int i = batch->done; i < batch->count; i++) {
        batch_expire_line(batch, i);
    }
    end_batch(standin, batch, BATCH_EXPIRED);
}

/* Called with the lock held; releases it while the input is validated or a line is answered. */
static void advance(struct standin *standin, struct batch *batch)
{
    bool validates = batch->state == BATCH_VALIDATING, valid = false;

    if (batch->state == BATCH_CANCELLING) {
        end_batch(standin, batch, BATCH_CANCELLED);
        return;
    }
    if (!validates && batch->done == batch->stop_after) {
        if (batch->stop_after < batch->count) {
            expire(standin, batch);
        } else {
            end_batch(standin, batch, BATCH_COMPLETED);
        }
        return;
    }
    batch->busy = true;
    pthread_mutex_unlock(&standin->lock);
    if (validates) {
        valid = validate(standin, batch);
    } else {
        batch_answer_line(standin, batch);
    }
    pthread_mutex_lock(&standin->lock);
    batch->busy = false;
    if (batch->removed) {
        batch_free(batch);
    } else if (validates) {
        start_batch(standin, batch, valid);
    }
}

int64_t batches_step(struct standin *standin)
{
    struct batch *batch;
    int64_t due;

    pthread_mutex_lock(&standin->lock);
    batch = next_due(standin);
    if (batch && due_us(batch) <= clock_mono_us()) {
        advance(standin, batch);
        batch = next_due(standin);
    }
    due = batch ? due_us(batch) : INT64_MAX;
    pthread_mutex_unlock(&standin->lock);
    return due;
}

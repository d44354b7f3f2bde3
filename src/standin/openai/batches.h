/* batches.h - the stand-in's /v1/batches: runs the requests of a file in the background.
 *
 * The scheduler's thread answers one line after the other, spread over the duration of the batch
 * (the latency of "batches"). A batch that is cancelled or expires keeps the results of the lines
 * that were answered before. A line is handled like a direct request, faults included, and costs
 * the model's batch_share of the price. */
#ifndef STANDIN_OPENAI_BATCHES_H
#define STANDIN_OPENAI_BATCHES_H
#include <cjson/cJSON.h>
#include <stdint.h>
#include <stdio.h>

#include "standin/openai/model_list.h"
#include "standin/openai/uploads.h"

enum { BATCH_LINES_MAX = 50000, BATCH_ENDPOINT = 32 };

enum batch_state {
    BATCH_VALIDATING,
    BATCH_FAILED,
    BATCH_IN_PROGRESS,
    BATCH_FINALIZING,
    BATCH_COMPLETED,
    BATCH_EXPIRED,
    BATCH_CANCELLING,
    BATCH_CANCELLED,
    BATCH_STATES
};

struct batch_line { /* position of a request in the input file */
    int64_t at;
    size_t size;
    int number; /* from 1, counting blank lines */
    char *custom_id;
};

struct batch {
    struct batch *next; /* the list starts with the newest */
    char id[UPLOAD_ID + 8], input_id[UPLOAD_ID], endpoint[BATCH_ENDPOINT];
    char result_id[2][UPLOAD_ID]; /* of outputs, of errors; "": no such file */
    cJSON *metadata, *errors;
    enum batch_state state;
    int64_t entered_ms[BATCH_STATES]; /* Unix time of entering each state; 0: never */
    FILE *input, *results[2];
    int64_t result_bytes[2];
    struct batch_line *lines;
    int count, done, completed, failed;
    int stop_after;     /* lines to answer before the batch ends; below count: it expires */
    int64_t start_us;   /* clock_mono_us */
    double duration_ms; /* duration of all lines together */
    bool busy;          /* the scheduler's thread works on it without the lock */
    bool removed;       /* removed by a reset while busy; freed afterwards */
};

struct batches {
    struct batch *first;
    uint64_t serial;
};

struct standin;
struct standin_request;
void batches_handle(struct standin_request *request); /* routes: POST, GET, cancel */
void batches_reset(struct standin *standin);          /* with the lock held */
void batches_close(struct standin *standin);

/* Does one step that is due. Returns when the next step is due (clock_mono_us), or INT64_MAX if no
 * batch is active. Call on the scheduler's thread, without the lock. */
int64_t batches_step(struct standin *standin);

/* batch_check.c: reads the input file and fills batch->lines. Returns false if the input is
 * invalid, with the reasons in batch->errors. */
bool batch_check(struct batch *batch, const struct model_list *models) MUST_CHECK;
/* batch_line.c: answers the line with index batch->done and increments the counters. */
void batch_answer_line(struct standin *standin, struct batch *batch);
/* Writes an expired line to the error file. */
void batch_expire_line(struct batch *batch, int line);
#endif

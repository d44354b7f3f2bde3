/* batches.h - the stand-in's /v1/batches: runs the requests of a file in the background.
 *
 * The scheduler's thread does one line after the other, spread over the time that the whole batch
 * takes (the latency of "batches"): what a batch has when it is cancelled, or its time is over, is
 * what was done by then. A line goes the way that its request would have gone, faults included, and
 * costs the model's share for batches. */
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

struct batch_line { /* where it is in the input */
    int64_t at;
    size_t size;
    int number; /* from 1, blank lines among them */
    char *custom_id;
};

struct batch {
    struct batch *next; /* the newest first */
    char id[UPLOAD_ID + 8], input_id[UPLOAD_ID], endpoint[BATCH_ENDPOINT];
    char result_id[2][UPLOAD_ID]; /* of outputs, of errors; "": there is none */
    cJSON *metadata, *errors;
    enum batch_state state;
    int64_t when_ms[BATCH_STATES]; /* it came into each state; 0: never */
    FILE *input, *results[2];
    int64_t result_bytes[2];
    struct batch_line *lines;
    int count, done, completed, failed;
    int last;         /* so many are done before its time is over */
    int64_t start_us; /* clock_mono_us */
    double span_ms;   /* that all lines take together */
    bool busy;        /* the scheduler's thread is at it, without the lock */
    bool gone;        /* forgotten while it was busy */
};

struct batches {
    struct batch *first;
    uint64_t serial;
};

struct standin;
struct standin_request;
void batches_take(struct standin_request *request); /* routes: POST, GET, cancel */
void batches_reset(struct standin *standin);        /* with the lock held */
void batches_close(struct standin *standin);

/* Does one thing that is due; returns when the next is (clock_mono_us; INT64_MAX: none). The
 * scheduler's thread, without the lock. */
int64_t batches_step(struct standin *standin);

/* batch_check.c: reads the input, fills lines; false: batch->errors says what is wrong. */
bool batch_check(struct batch *batch, const struct model_list *models) MUST_CHECK;
/* batch_line.c: answers the line batch->done, and counts it. */
void batch_answer_line(struct standin *standin, struct batch *batch);
/* The line whose time is over: into the errors it goes. */
void batch_expire_line(struct batch *batch, int line);
#endif

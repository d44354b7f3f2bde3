/* fault.h - what goes wrong, and when.
 *
 * A fault is one line of words split by commas. What: a bare word (below), or status=429.
 * When: rate=0.05, count=3 (the first three that match), every=10, after=100, match=TEXT (in path
 * or body); none of these: always. How: code=, type=, message=, retry-after= (seconds),
 * latency= (milliseconds before it strikes). The first fault of the list that strikes is taken. */
#ifndef STANDIN_FAULTS_FAULT_H
#define STANDIN_FAULTS_FAULT_H
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum fault_kind {
    FAULT_NONE,
    FAULT_STATUS,      /* an error of this status */
    FAULT_HTML,        /* a gateway's 502 page */
    FAULT_QUOTA,       /* 429 insufficient_quota */
    FAULT_BILLING,     /* 400 billing_hard_limit_reached */
    FAULT_MODERATION,  /* 400 moderation_blocked */
    FAULT_REFUSE,      /* text: the model declines, with 200 */
    FAULT_INCOMPLETE,  /* text: cut off by its token bound, with 200 */
    FAULT_DROP,        /* made and billed, then closed without an answer */
    FAULT_RESET,       /* the same, with a reset */
    FAULT_TRUNCATE,    /* closed in the middle of the body */
    FAULT_HANG,        /* no answer until the client leaves */
    FAULT_DRIP,        /* the body comes in drops */
    FAULT_GARBAGE,     /* 200 that is not JSON */
    FAULT_EMPTY,       /* 200 without pictures or text; a stream ends after its partial ones */
    FAULT_ERROR_EVENT, /* pictures: 200, and then an error; a stream ends with an error event */
    FAULT_SIZE,        /* a picture of another size */
    FAULT_CORRUPT,     /* a picture that does not decode */
    FAULT_BLANK,       /* a picture of one colour */
    FAULT_OFF_WHITE,   /* a picture whose white is not white */
    FAULT_DUPLICATE,   /* the same bytes every time */
    FAULT_EXPIRE,      /* a batch: its time is over when half of its lines are done */
    FAULT_KINDS
};

struct fault {
    enum fault_kind kind;
    int status, retry_after, count, every, after;
    double rate, latency_ms; /* latency below zero: as any other answer */
    char match[80], code[64], type[64], message[200];
    uint64_t seen, struck;
};

struct faults {
    struct fault *rows;
    int count;
};

enum fault_scope {                  /* what may strike */
                   SCOPE_CALL,      /* a call, or a line of a batch: all but FAULT_EXPIRE */
                   SCOPE_TRANSPORT, /* files and batches, in which no model speaks: what happens on
                                       the way */
                   SCOPE_BATCH      /* a batch that is made: FAULT_EXPIRE alone */
};

const char *fault_name(enum fault_kind kind);
/* Adds what `text` says (lines, or parts split by ';'; '#' begins a comment). */
bool faults_parse(struct faults *faults, const char *text, struct error *err) MUST_CHECK;
void faults_free(struct faults *faults);
/* The one that strikes this request, copied; FAULT_NONE otherwise. */
struct fault faults_strike(struct faults *faults, enum fault_scope scope, const char *path,
                           const void *body, size_t size, uint64_t *random);
#endif

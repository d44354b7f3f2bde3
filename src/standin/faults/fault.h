/* fault.h - faults that the stand-in injects, and when they strike.
 *
 * A fault is a comma-separated list. Kind: a name (fault_name), status=429, as=FORM (the same
 * answer in the form of another server), or usage=FORM; retry-after= alone means status=503.
 * Condition: rate=0.05, count=3 (only the first three matching requests), every=10, after=100 (skip
 * the first 100), match=TEXT (in path or body); without a condition it strikes every request.
 * Details: code=, type=, message=, retry-after= (seconds), latency= (milliseconds before it
 * strikes). Of a list of faults, the first that strikes is applied. */
#ifndef STANDIN_FAULTS_FAULT_H
#define STANDIN_FAULTS_FAULT_H
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum fault_kind {
    FAULT_NONE,
    FAULT_STATUS,      /* an error with this status */
    FAULT_HTML,        /* a gateway's 502 page */
    FAULT_QUOTA,       /* 429 insufficient_quota */
    FAULT_BILLING,     /* 400 billing_hard_limit_reached */
    FAULT_MODERATION,  /* 400 moderation_blocked */
    FAULT_REFUSE,      /* text: the model declines, with 200 */
    FAULT_INCOMPLETE,  /* text: truncated by the token limit, with 200 */
    FAULT_DROP,        /* generated and billed, then closed without an answer */
    FAULT_RESET,       /* the same, closed with a TCP reset */
    FAULT_TRUNCATE,    /* closed in the middle of the body */
    FAULT_HANG,        /* no answer until the client disconnects */
    FAULT_DRIP,        /* the body is sent slowly */
    FAULT_GARBAGE,     /* 200 that is not JSON */
    FAULT_EMPTY,       /* 200 without images or text; a stream ends after its partial images */
    FAULT_ERROR_EVENT, /* images: 200 with an error object; a stream ends with an error event */
    FAULT_SIZE,        /* an image of another size */
    FAULT_CORRUPT,     /* an image that does not decode */
    FAULT_BLANK,       /* an image of one colour */
    FAULT_OFF_WHITE,   /* an image whose background is not white */
    FAULT_DUPLICATE,   /* identical bytes every time */
    FAULT_MODEL_GONE,  /* the model is reported as missing, as during an incident of the provider */
    FAULT_AS,          /* the answer in another form */
    FAULT_USAGE,       /* the token counts in another form, absurd, or missing */
    FAULT_EXPIRE,      /* a batch that expires when half of its requests are done */
    FAULT_LATE_OUTPUT, /* a completed batch without the ids of its result files */
    FAULT_SHORT_OUTPUT,   /* a download of a result file: its first half */
    FAULT_EMPTY_OUTPUT,   /* the same: no bytes */
    FAULT_MISSING_OUTPUT, /* the same: 404 */
    FAULT_KINDS
};

enum answer_form {
    FORM_UNCHANGED,
    FORM_COMMENTARY,   /* text: a message of phase "commentary" precedes the answer */
    FORM_REASONING,    /* text: with the content of the model's reasoning */
    FORM_PARTS,        /* text: in several parts */
    FORM_URL,          /* image: as the URL of a file */
    FORM_DATA_URL,     /* image: as a data: URL */
    FORM_WRAPPED,      /* image: base64 in lines of 76 characters */
    FORM_UNPADDED,     /* image: base64 without padding */
    FORM_URL_ALPHABET, /* image: base64 in the alphabet of URLs */
    FORM_STRING,       /* image: a string instead of an object */
    FORM_IMAGE_URL,    /* image: {"image_url": {"url": "data:..."}} */
    FORM_UNKNOWN,      /* a form that no client knows */
    FORM_FLAT_ERROR,   /* error: {"code": ..., "message": ...} */
    FORM_DETAIL_ERROR, /* error: {"detail": [{"msg": ...}]} */
    FORM_TEXT_ERROR,   /* error: {"error": "text"} */
    FORM_LIST_ERROR,   /* error: [{"error": {...}}] */
    FORM_COUNT
};

enum usage_form { USAGE_UNCHANGED, USAGE_NONE, USAGE_ABSURD, USAGE_OTHER, USAGE_ZERO, USAGE_COUNT };

struct fault {
    enum fault_kind kind;
    enum answer_form form; /* of FAULT_AS; also changes the error of another kind */
    enum usage_form usage;
    int status, retry_after, count, every, after;
    double rate, latency_ms; /* latency_ms below 0: not set */
    char match[80], code[64], type[64], message[200];
    uint64_t seen, struck;
};

struct faults {
    struct fault *rows;
    int count;
};

enum fault_scope {             /* which faults may strike */
                   SCOPE_CALL, /* a model call, or a request in a batch: all but FAULT_EXPIRE */
                   SCOPE_TRANSPORT,    /* files and batches, which call no model: HTTP errors and
                                          transport faults only */
                   SCOPE_BATCH,        /* a new batch: FAULT_EXPIRE only */
                   SCOPE_BATCH_STATUS, /* a completed batch is retrieved: FAULT_LATE_OUTPUT only */
                   SCOPE_RESULT_FILE   /* a result file is downloaded: the faults of outputs */
};

const char *fault_name(enum fault_kind kind);
bool fault_form_is_error(enum answer_form form);
/* Adds the faults in `text`, separated by newlines or ';'; '#' starts a comment. */
bool faults_parse(struct faults *faults, const char *text, struct error *err) MUST_CHECK;
void faults_free(struct faults *faults);
/* Returns a copy of the fault that strikes this request, or one of kind FAULT_NONE. */
struct fault faults_strike(struct faults *faults, enum fault_scope scope, const char *path,
                           const void *body, size_t size, uint64_t *random);
#endif

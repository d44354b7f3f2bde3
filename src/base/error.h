/* error.h - why something failed, and what can be done about it.
 *
 * A function that can fail returns bool and takes a struct error as its last argument; the caller
 * owns the struct. The text states what failed: lower case, no full stop, names in single quotes.
 * Texts of ERROR_INPUT, ERROR_REFUSED and ERROR_OUTPUT may be shown to sellers. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H
#include <stdbool.h>
#include <stdint.h>

#define MUST_CHECK __attribute__((warn_unused_result))

enum error_kind {
    ERROR_NONE,
    ERROR_INPUT,    /* the payload, photo or argument is invalid: a retry cannot help */
    ERROR_CONFIG,   /* a key or setting is missing or invalid: an operator must act */
    ERROR_KEY,      /* the provider rejects the key: an operator must act */
    ERROR_QUOTA,    /* the provider's account is empty or over its limit: an operator must act */
    ERROR_FORMAT,   /* the response has a form that this program cannot read, and so would further
                       ones, each of which is paid for: an operator must act */
    ERROR_REFUSED,  /* the model declined this content */
    ERROR_BUSY,     /* rate limit or overload: retry after retry_ms */
    ERROR_REMOTE,   /* the other side failed, or its response cannot be read */
    ERROR_NETWORK,  /* no response: whether the request was executed is unknown */
    ERROR_DATABASE, /* trouble of the database: a retry helps, and it costs a job no attempt */
    ERROR_OUTPUT,   /* a check rejected the generated image or text */
    ERROR_LOST,     /* the lease was lost: another worker may have the job, so write nothing */
    ERROR_STOPPED,  /* the worker is stopping: the job is returned and no attempt is counted */
    ERROR_INTERNAL, /* out of memory, disk full, or a bug */
    ERROR_KINDS
};

/* A value of error.cause with ERROR_CONFIG: the model was shut down, or does not exist. Causes of
 * upper layers (seller_cause) are positive. */
enum { ERROR_CAUSE_MODEL_GONE = -2 };
/* A value of error.cause with ERROR_INPUT: nothing matches the selection of a command. */
enum { ERROR_CAUSE_EMPTY = -3 };
/* A value of error.cause with ERROR_INPUT: the product of a photo cannot be told from its
 * background. */
enum { ERROR_CAUSE_BACKGROUND = -4 };
/* A value of error.cause with ERROR_INPUT: a model rejects the request for a reason that is not
 * known. It may be the job's, or one of all jobs. */
enum { ERROR_CAUSE_UNEXPLAINED = -5 };

struct error {
    enum error_kind kind;
    uint32_t retry_ms; /* requested by the other side (Retry-After); 0 = none */
    char text[320];    /* what failed: "cannot read payload of job 4f2..." */
    int cause;         /* what exactly failed, from an enum of the caller's layer (seller_cause);
                          error_set sets 0: unknown */
    char hint[320];    /* what to do about it, one sentence; may be empty */
};

/* The consequences of a kind: all decisions that depend on it are made from this table. */
struct error_rule {
    const char *name;     /* in logs and --json */
    bool retry;           /* another attempt may succeed */
    bool spends_attempt;  /* it counts against max_retries */
    bool pauses_provider; /* an operator must act: no requests until a probe succeeds */
    int exit_status;      /* of the command line tool */
};
const struct error_rule *error_rule(enum error_kind kind);
/* The exit status of the command line tool after this error: that of its kind, or of an empty
 * selection. */
int error_exit_status(const struct error *err);

/* Sets *e, clears hint and retry_ms, and returns false, so that a function can end in
 * `return error_set(...)`. Secrets are masked (secret.h), and control characters become spaces. */
bool error_set(struct error *e, enum error_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a sentence that says what to do. Returns false. */
bool error_hint(struct error *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#ifdef __clang_analyzer__ /* it analyses one file at a time and does not see the return values */
#define error_set(...) ((void)error_set(__VA_ARGS__), false)
#define error_hint(...) ((void)error_hint(__VA_ARGS__), false)
#endif

#endif

/* error.h - why something failed, said for people, and what may be done about it.
 *
 * A function that can fail returns bool and takes a struct error as its last argument; the caller
 * owns the struct. Text: what failed first, lower case, no full stop, names in single quotes. The
 * text is for operators; sellers read seller_message(). */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H
#include <stdbool.h>
#include <stdint.h>

#define MUST_CHECK __attribute__((warn_unused_result))

enum error_kind {
    ERROR_NONE,
    ERROR_INPUT,    /* the payload, photo or argument is wrong: trying again cannot help */
    ERROR_CONFIG,   /* a key or setting is missing or wrong: an operator must act */
    ERROR_KEY,      /* a key is refused: an operator must act */
    ERROR_QUOTA,    /* the provider's account is empty or over its limit: an operator must act */
    ERROR_REFUSED,  /* the model declined this content */
    ERROR_BUSY,     /* rate limit, overload: ask again after retry_ms */
    ERROR_REMOTE,   /* the other side failed, or answered what we cannot read */
    ERROR_NETWORK,  /* no answer: whether it was done is not known */
    ERROR_OUTPUT,   /* an image or text came, and a check turned it down */
    ERROR_LOST,     /* the lease is gone: another worker has the job, write nothing */
    ERROR_STOPPED,  /* the worker is told to stop: the job goes back unspent */
    ERROR_INTERNAL, /* out of memory, disk full, or a bug */
    ERROR_KINDS
};

struct error {
    enum error_kind kind;
    uint32_t retry_ms; /* the other side's own wish (Retry-After); 0 = none */
    char text[320];    /* what failed, first and plainly: "cannot read payload of job 4f2..." */
    int cause; /* what exactly failed, from an enum of the caller's layer (seller_cause);
                  error_set sets 0: unknown */
    char hint[200];    /* what to do about it, one sentence; may be empty */
};

/* One row a kind: every decision that hangs on a kind is read here, nowhere else. */
struct error_rule {
    const char *name;     /* in logs and --json */
    bool retry;           /* may another attempt mend it? */
    bool spends_attempt;  /* does it count against max_retries? */
    bool pauses_provider; /* nothing more is sent to this provider until it was probed again */
    int exit_status;      /* of the command line tool */
};
const struct error_rule *error_rule(enum error_kind kind);

/* Fills *e (hint and retry_ms are cleared) and returns false, so that a failing function can end
 * in `return error_set(...)`. Control characters in the result become spaces. */
bool error_set(struct error *e, enum error_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds the sentence that says what to do; returns false like error_set. */
bool error_hint(struct error *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#ifdef __clang_analyzer__ /* reads one file at a time: tell it what these two return */
#define error_set(...) ((void)error_set(__VA_ARGS__), false)
#define error_hint(...) ((void)error_hint(__VA_ARGS__), false)
#endif

#endif

/* blocking_call.h - runs a function that may block for long on a thread of its own.
 *
 * Connecting to a server that does not answer takes many seconds. On the loop's pool, which has few
 * threads, such calls would delay images and files. */
#ifndef IO_BLOCKING_CALL_H
#define IO_BLOCKING_CALL_H
#include "io/loop.h"

struct blocking_call;

/* Runs `run(arg)` on a new thread, then `done(arg)` on the loop. After blocking_call_abandon,
 * `discard(arg)` is called instead of `done`, on either thread. Returns NULL if no thread can be
 * created; `arg` is then still the caller's. */
struct blocking_call *blocking_call_start(struct loop *loop, void (*run)(void *arg),
                                          void (*done)(void *arg), void (*discard)(void *arg),
                                          void *arg) MUST_CHECK;
/* The call continues without a caller. Must not be called after `done`. */
void blocking_call_abandon(struct blocking_call *call);
#endif

/* loop.h - the event loop: one thread that waits for sockets, timers, signals and pool work.
 *
 * A thin layer over libuv; only src/io includes uv.h. */
#ifndef IO_LOOP_H
#define IO_LOOP_H
#include <stdint.h>

#include "base/error.h"

struct loop;
struct loop_timer;
struct loop_socket;
typedef void (*loop_fn)(void *context);
typedef void (*loop_signal_fn)(int number, void *context);
typedef void (*loop_ready_fn)(void *context, bool readable, bool writable, bool broken);

/* pool_threads: 0 = two per processor, since half of them wait for decoder processes. The first
 * loop decides, since libuv's pool is global. */
struct loop *loop_new(int pool_threads, struct error *err) MUST_CHECK;
void loop_free(struct loop *loop);
void *loop_uv(struct loop *loop); /* the uv_loop_t, for use in src/io */

/* Waits for events, at most max_wait_ms (-1 = no limit), and runs their callbacks. Returns false
 * if nothing is left to wait for. */
bool loop_wait(struct loop *loop, int64_t max_wait_ms);
/* Waits until a time of clock_mono_us, with microsecond precision; timers have milliseconds. */
void loop_wait_until(struct loop *loop, int64_t at_us);
uint64_t loop_iteration(const struct loop *loop); /* number of iterations so far */

/* Fires once, unless repeat_ms > 0. loop_timer_free may be called from its callback. */
struct loop_timer *loop_timer_new(struct loop *loop, loop_fn fire, void *context);
void loop_timer_start(struct loop_timer *timer, uint64_t after_ms, uint64_t repeat_ms);
void loop_timer_stop(struct loop_timer *timer);
void loop_timer_free(struct loop_timer *timer);

void loop_on_signal(struct loop *loop, int number, loop_signal_fn fire, void *context);

/* Watches a socket, which the caller owns and closes after loop_socket_free. */
struct loop_socket *loop_socket_new(struct loop *loop, int fd, loop_ready_fn ready, void *context,
                                    struct error *err) MUST_CHECK;
void loop_socket_set_events(struct loop_socket *socket, bool readable, bool writable);
void loop_socket_free(struct loop_socket *socket);

/* Runs `run` on a pool thread, then `done` on the loop. */
void loop_run_on_pool(struct loop *loop, bool (*run)(void *arg, struct error *err), void *arg,
                      void (*done)(void *context, const struct error *err), void *context);
#endif

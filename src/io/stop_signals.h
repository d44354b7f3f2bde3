/* stop_signals.h - the signals that ask a command to stop in order.
 *
 * By default they end a process like SIGKILL: calls in flight are then paid for and lost. */
#ifndef IO_STOP_SIGNALS_H
#define IO_STOP_SIGNALS_H
#include "io/loop.h"

/* Sets the disposition of SIGTERM, SIGINT, SIGQUIT and SIGHUP. SIGHUP stays ignored if it is
 * ignored, as nohup leaves it. SIGUSR2, which some supervisors send to reopen logs, is ignored. */
void stop_signals_handle(void (*handler)(int number));
/* The same with a loop: `fire` is called on its thread. */
void stop_signals_on_loop(struct loop *loop, loop_signal_fn fire, void *context);
/* Blocks them and SIGUSR1: a further signal must not end the process with its status. */
void stop_signals_block(void);
#endif

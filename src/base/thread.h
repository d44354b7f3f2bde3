/* thread.h - threads that receive no signals: those are handled on the thread of the event loop. A
 * signal that arrives after its handler was removed would otherwise end the process from any other
 * thread. */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

/* Blocks the signals of this thread, except those that its own instructions and writes cause.
 * Threads that it starts inherit this. *before gets the previous mask. */
void signals_block(sigset_t *before);
void signals_restore(const sigset_t *before);

/* Starts a thread with signals blocked as above. `attributes` may be NULL. Returns false if it
 * cannot be started. */
bool thread_start(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                  void *arg);
#endif

/* thread.c - signal masks of new threads. */
#include "base/thread.h"

#include <stddef.h>

void signals_block(sigset_t *before)
{
    /* The kernel sends these to the thread that caused them. */
    static const int own[] = { SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP, SIGXFSZ };
    sigset_t blocked;

    sigfillset(&blocked);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        sigdelset(&blocked, own[i]);
    }
    pthread_sigmask(SIG_SETMASK, &blocked, before);
}

void signals_restore(const sigset_t *before)
{
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

bool thread_start(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                  void *arg)
{
    sigset_t before;
    bool started;

    signals_block(&before);
    started = pthread_create(thread, attributes, run, arg) == 0;
    signals_restore(&before);
    return started;
}

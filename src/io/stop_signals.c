/* stop_signals.c - handlers of the signals that ask a command to stop. */
#include "io/stop_signals.h"

#include <signal.h>
#include <stddef.h>

static const int numbers[] = { SIGTERM, SIGINT, SIGQUIT, SIGHUP };
enum { COUNT = sizeof numbers / sizeof *numbers };

static bool stays_ignored(int number)
{
    struct sigaction now;

    return number == SIGHUP && sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

void stop_signals_handle(void (*handler)(int number))
{
    struct sigaction action = { .sa_handler = handler };

    signal(SIGUSR2, SIG_IGN);
    for (int i = 0; i < COUNT; i++) {
        if (!stays_ignored(numbers[i])) {
            sigaction(numbers[i], &action, NULL);
        }
    }
}

void stop_signals_on_loop(struct loop *loop, loop_signal_fn fire, void *context)
{
    signal(SIGUSR2, SIG_IGN);
    for (int i = 0; i < COUNT; i++) {
        if (!stays_ignored(numbers[i])) {
            loop_on_signal(loop, numbers[i], fire, context);
        }
    }
}

void stop_signals_block(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    for (int i = 0; i < COUNT; i++) {
        sigaddset(&set, numbers[i]);
    }
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/* screen.c - a full page on a terminal. Signals write a byte into a pipe that screen_wait polls: a
 * signal that arrives between two waits is not missed. */
#include "term/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "term/term.h"

/* Second screen, hidden cursor, no wrapping of long lines; and back. */
#define ENTER "\033[?1049h\033[?25l\033[?7l"
#define LEAVE "\033[?7h\033[?25h\033[?1049l"

static const int end_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
enum { END_SIGNALS = sizeof end_signals / sizeof *end_signals };

volatile sig_atomic_t screen_stopped;

static struct {
    struct termios before;
    bool has_termios;
    int wake[2];
    struct sigaction end[END_SIGNALS], suspend, resize;
} screen;

static void on_signal(int number)
{
    char byte = (char)number;
    int saved = errno;

    if (number != SIGTSTP && number != SIGWINCH) {
        screen_stopped = number;
    }
    if (write(screen.wake[1], &byte, 1) < 0) {
        /* full: screen_wait wakes up anyway */
    }
    errno = saved;
}

static void catch_signals(void)
{
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

    sigemptyset(&action.sa_mask);
    for (int i = 0; i < END_SIGNALS; i++) {
        sigaction(end_signals[i], NULL, &screen.end[i]);
        /* nohup leaves SIGHUP ignored; a key that is pressed is never ignored */
        if (end_signals[i] != SIGHUP || screen.end[i].sa_handler != SIG_IGN) {
            sigaction(end_signals[i], &action, NULL);
        }
    }
    sigaction(SIGTSTP, &action, &screen.suspend);
    sigaction(SIGWINCH, &action, &screen.resize);
}

/* Keys arrive at once and are not shown. Ctrl-C and Ctrl-Z stay signals. */
static void enter(void)
{
    struct termios raw;

    screen.has_termios = tcgetattr(STDIN_FILENO, &screen.before) == 0;
    if (screen.has_termios) {
        raw = screen.before;
        raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
        raw.c_cc[VMIN] = 1;
        raw.c_cc[VTIME] = 0;
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    }
    fputs(ENTER, stdout);
    fflush(stdout);
}

static void leave(void)
{
    fputs(LEAVE, stdout);
    fflush(stdout);
    if (screen.has_termios) {
        tcsetattr(STDIN_FILENO, TCSANOW, &screen.before);
    }
}

void screen_open(void)
{
    screen_stopped = 0;
    if (pipe2(screen.wake, O_CLOEXEC | O_NONBLOCK) < 0) {
        screen.wake[0] = screen.wake[1] = -1;
    }
    catch_signals();
    enter();
}

int screen_close(void)
{
    leave();
    for (int i = 0; i < END_SIGNALS; i++) {
        sigaction(end_signals[i], &screen.end[i], NULL);
    }
    sigaction(SIGTSTP, &screen.suspend, NULL);
    sigaction(SIGWINCH, &screen.resize, NULL);
    close(screen.wake[0]);
    close(screen.wake[1]);
    return screen_stopped;
}

/* Restores the terminal, stops like a program without a page, and takes the terminal over again
 * once the process continues. */
static void suspend(void)
{
    struct sigaction before, standard = { .sa_handler = SIG_DFL };

    leave();
    sigemptyset(&standard.sa_mask);
    sigaction(SIGTSTP, &standard, &before);
    raise(SIGTSTP);
    sigaction(SIGTSTP, &before, NULL);
    enter();
}

void screen_draw(const char *text)
{
    int height = term_height(stdout);

    fputs("\033[H", stdout);
    for (int line = 0; line < height && *text; line++) {
        size_t size = strcspn(text, "\n");

        printf("%s%.*s\033[K", line > 0 ? "\n" : "", (int)size, text);
        text += size + (text[size] == '\n');
    }
    fputs("\033[J", stdout);
    fflush(stdout);
}

/* Reads what woke the wait up. */
static enum screen_event read_signals(void)
{
    enum screen_event event = SCREEN_RESIZED;
    char byte;

    while (read(screen.wake[0], &byte, 1) == 1) {
        if (byte == SIGTSTP) {
            suspend();
        }
    }
    return screen_stopped ? SCREEN_QUIT : event;
}

static enum screen_event read_key(void)
{
    char key = 0;

    if (read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == 'Q') {
        return SCREEN_QUIT;
    }
    return SCREEN_KEY;
}

enum screen_event screen_wait(int64_t wait_ms)
{
    int64_t end_us = clock_mono_us() + wait_ms * 1000;

    for (;;) {
        struct pollfd fds[] = { { .fd = screen.wake[0], .events = POLLIN },
                                { .fd = screen.has_termios ? STDIN_FILENO : -1,
                                  .events = POLLIN } };
        int64_t left_ms = (end_us - clock_mono_us()) / 1000;
        int ready;

        if (screen_stopped) {
            return SCREEN_QUIT;
        }
        ready = poll(fds, 2, left_ms > 0 ? (int)left_ms : 0);
        if (ready == 0) {
            return SCREEN_TICK;
        }
        if (fds[0].revents) {
            return read_signals();
        }
        if (ready > 0 && fds[1].revents) {
            return read_key();
        }
    }
}

/* stopped_terminal.c - runs a program on a terminal of its own, which its user stops with Ctrl-S.
 *
 * Usage: stopped_terminal GO PROGRAM ARGUMENT... Prints what the program writes. After the first
 * bytes the terminal is stopped; it goes on, with Ctrl-Q, as soon as the file GO exists. Exits with
 * the status of the program. */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CTRL_S = 0x13, CTRL_Q = 0x11, POLL_MS = 50 };

static void press(int terminal, char key)
{
    if (write(terminal, &key, 1) != 1) {
        perror("stopped_terminal");
        exit(1);
    }
}

/* Copies what is there. Returns false at the end. */
static bool copy(int terminal)
{
    char data[4096];
    ssize_t size = read(terminal, data, sizeof data);

    if (size <= 0) {
        return size < 0 && errno == EINTR;
    }
    return write(STDOUT_FILENO, data, (size_t)size) == size;
}

static void stop_until(int terminal, const char *path)
{
    press(terminal, CTRL_S);
    while (access(path, F_OK) != 0) {
        poll(NULL, 0, POLL_MS);
    }
    press(terminal, CTRL_Q);
}

int main(int argc, char **argv)
{
    struct winsize size = { .ws_row = 40, .ws_col = 120 };
    int terminal, status = 0;
    pid_t child;

    if (argc < 3) {
        fprintf(stderr, "usage: stopped_terminal GO PROGRAM ARGUMENT...\n");
        return 2;
    }
    child = forkpty(&terminal, NULL, NULL, &size);
    if (child == 0) {
        execv(argv[2], argv + 2);
        _exit(127);
    }
    if (child < 0 || !copy(terminal)) {
        perror("stopped_terminal");
        return 1;
    }
    stop_until(terminal, argv[1]);
    while (copy(terminal)) {
    }
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

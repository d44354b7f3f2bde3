/* child.h - starts programs on a given processor and reads their output. */
#ifndef TESTS_CHILD_H
#define TESTS_CHILD_H
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILD_WORDS = 64 };

struct child {
    pid_t pid;
    FILE *out; /* its standard output */
};

/* Binds this process to one of its allowed processors, counted from 0. Returns false if there are
 * fewer. */
static inline bool child_pin(int which)
{
    cpu_set_t all, one;
    int found = 0;

    sched_getaffinity(0, sizeof all, &all);
    for (int i = 0; i < CPU_SETSIZE; i++) {
        if (CPU_ISSET(i, &all) && found++ == which) {
            CPU_ZERO(&one);
            CPU_SET(i, &one);
            return sched_setaffinity(0, sizeof one, &one) == 0;
        }
    }
    return false;
}

/* Starts `command`, whose words are separated by spaces and may be quoted. processor -1 allows any.
 */
static inline int child_words(char *command, char **words)
{
    int count = 0;

    for (char *at = command; *at && count < CHILD_WORDS - 1;) {
        char end = *at == '\'' ? '\'' : ' ';

        if (*at == ' ') {
            at++;
            continue;
        }
        at += end == '\'';
        words[count++] = at;
        at += strcspn(at, (char[]){ end, 0 });
        if (*at) {
            *at++ = '\0';
        }
    }
    words[count] = NULL;
    return count;
}

static inline struct child child_start(int processor, const char *command)
{
    struct child child = { 0 };
    char *words[CHILD_WORDS], copy[4000];
    int ends[2];

    snprintf(copy, sizeof copy, "%s", command);
    child_words(copy, words);
    if (pipe(ends) != 0 || (child.pid = fork()) < 0) {
        perror("cannot start a program");
        exit(1);
    }
    if (child.pid == 0) {
        if (processor >= 0) {
            child_pin(processor);
        }
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        if (!getenv("BENCH_VERBOSE")) {
            dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
        }
        execvp(words[0], words);
        _exit(127);
    }
    close(ends[1]);
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    child.out = fdopen(ends[0], "r");
    return child;
}

/* Waits and returns the exit status. */
static inline int child_end(struct child *child, bool kill_it)
{
    int status = 0;

    if (child->pid <= 0) {
        return -1;
    }
    if (kill_it) {
        kill(child->pid, SIGCONT);
        kill(child->pid, SIGTERM);
    }
    fclose(child->out);
    waitpid(child->pid, &status, 0);
    child->pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* Returns the path of darkroom, next to the running program. */
static inline const char *child_darkroom(const char *self)
{
    static char path[500];
    const char *slash = strrchr(self, '/');

    snprintf(path, sizeof path, "%.*sdarkroom", slash ? (int)(slash - self + 1) : 0, self);
    return path;
}
#endif

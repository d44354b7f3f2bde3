/* decoder_attacks.h - a decoder that obeys a word in the image, a comment of a valid PNG: it
 * crashes, hangs, or tries to leave its process. */
#ifndef TESTS_LIB_DECODER_ATTACKS_H
#define TESTS_LIB_DECODER_ATTACKS_H
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "decoder/decoder_server.h"

extern char **environ;

/* Tries to open what a decoder must not reach. Returns the name of what succeeded, or NULL. */
static inline const char *open_anything(void)
{
    int fds[2];

    return open("/etc/passwd", O_RDONLY) >= 0                    ? "open"
           : open("/tmp/dr-escape", O_CREAT | O_RDWR, 0600) >= 0 ? "create"
           : socket(AF_INET, SOCK_STREAM, 0) >= 0                ? "socket"
           : socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0       ? "socketpair"
           : pipe(fds) == 0                                      ? "pipe"
           : dup(1) >= 0                                         ? "dup"
                                                                 : NULL;
}

/* What an exploited decoder would try first. */
static inline const char *escape(void)
{
    const char *opened = open_anything();
    char byte;

    if (opened) {
        return opened;
    }
    return read(0, &byte, 1) >= 0                        ? "read"
           : fork() >= 0                                 ? "fork"
           : kill(getppid(), 0) == 0                     ? "kill"
           : ptrace(PTRACE_ATTACH, getppid(), 0, 0) == 0 ? "ptrace"
           : mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
                   MAP_FAILED
               ? "mmap"
           : syscall(SYS_execve, "/bin/true", NULL, NULL) == 0 ? "execve"
                                                               : NULL;
}

/* Nothing of the worker may be reachable: no variable, and no descriptor besides the three. */
static inline const char *inherited(void)
{
    for (char **variable = environ; *variable; variable++) {
        if (strncmp(*variable, "ASAN", 4) != 0) {
            return "environment";
        }
    }
    for (int fd = 0; fd < 1000; fd++) {
        if (fd != 1 && fd != 2 && fcntl(fd, F_GETFD) >= 0) {
            return "descriptor";
        }
    }
    return NULL;
}

/* The memory for pixels must not show an earlier image. */
static inline const char *earlier_pixels(const uint8_t *buffer, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (buffer[i] != 0) {
            return "pixels";
        }
    }
    return NULL;
}

static inline bool report(struct error *err, const char *what)
{
    return error_set(err, ERROR_INPUT, "it did %s", what ? what : "nothing");
}

static inline bool obey(const char *word, bool *obeyed, struct error *err)
{
    *obeyed = true;
    if (strcmp(word, "crash") == 0) {
        raise(SIGSEGV);
        __builtin_trap();
    } else if (strcmp(word, "spin") == 0) {
        for (volatile int i = 0;; i++) {
        }
    } else if (strcmp(word, "exit") == 0) {
        _exit(3);
    } else if (strcmp(word, "escape") == 0) {
        return report(err, escape());
    } else if (strcmp(word, "open") == 0) {
        return report(err, open_anything());
    } else if (strcmp(word, "inherit") == 0) {
        return report(err, inherited());
    } else if (strcmp(word, "memory") == 0) {
        uint8_t *much = malloc((size_t)4 << 30);

        return report(err, much ? "allocate" : NULL);
    }
    *obeyed = false;
    return true;
}

static inline bool decode_or_obey(const struct blob *file, const struct decode_plan *plan,
                                  uint8_t *buffer, struct image *out, struct error *err)
{
    const uint8_t *comment = memmem(file->data, file->size, "Word", 5);
    bool obeyed = false;

    if (comment) {
        char word[20];

        snprintf(word, sizeof word, "%.*s", 8, (const char *)comment + 5);
        word[strcspn(word, ".")] = '\0';
        if (strcmp(word, "peek") == 0) {
            return report(err, earlier_pixels(buffer, plan->capacity));
        }
        if (!obey(word, &obeyed, err) || obeyed) {
            return false;
        }
    }
    return decode_planned(file, plan, buffer, out, err);
}
#endif

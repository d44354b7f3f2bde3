/* memory.h - ends the process where it cannot continue: memory runs out, or an invariant of the
 * program does not hold. Nothing else calls abort(); tests/lint/words checks it.
 *
 * The message has file, line and cause, so that a crash can be diagnosed from the log alone. After
 * an abort the leases of the process's jobs expire, and another worker takes the jobs over from
 * their last saved step. Input, network and disk cause a struct error, never an abort.
 *
 * Small allocations (structs, strings, lists, arenas) use xcalloc and its relatives, which abort
 * if they fail: without these few bytes the process could not end its jobs in order either. Large
 * buffers, whose size comes from outside (images, response bodies, files: struct blob), are
 * allocated with blob_new, or with malloc and a check. If that fails, the function returns
 * ERROR_INTERNAL, and only the job or command that needs the buffer fails. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H
#include <stddef.h>

/* calloc, strdup, strndup and realloc that never return NULL. The caller frees the result with
 * free. */
void *xcalloc(size_t count, size_t size);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t size);
void *xrealloc(void *memory, size_t size);

/* Writes one line to standard error without allocating memory, and aborts. */
_Noreturn void fatal_abort(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* FATAL("unknown setting '%s'", name) prints "darkroom: src/...c:12: unknown setting 'x'" and
 * aborts. */
#define FATAL(...) fatal_abort(__FILE__, __LINE__, __VA_ARGS__)

/* Aborts with the text of the condition if it is false, in release builds too. */
#define INVARIANT(condition)                                                                       \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            FATAL("invariant violated: %s", #condition);                                           \
        }                                                                                          \
    } while (0)
#endif

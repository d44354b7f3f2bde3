/* memory.c - ends the process with a message if memory runs out or an invariant does not hold. */
#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void fatal_abort(const char *file, int line, const char *format, ...)
{
    char message[512];
    size_t size = sizeof message - 1; /* without the line end */
    int used = snprintf(message, size, "darkroom: %s:%d: ", file, line);
    va_list args;

    va_start(args, format);
    if (used > 0 && (size_t)used < size) {
        vsnprintf(message + used, size - (size_t)used, format, args);
    }
    va_end(args);
    size = strlen(message);
    message[size++] = '\n';
    (void)!write(STDERR_FILENO, message, size); /* stdio might allocate a buffer */
    abort();
}

void *xcalloc(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size ? size : 1);

    if (!memory) {
        FATAL("out of memory: %zu elements of %zu bytes", count, size);
    }
    return memory;
}

char *xstrdup(const char *text)
{
    return xstrndup(text, strlen(text));
}

char *xstrndup(const char *text, size_t size)
{
    char *copy = strndup(text, size);

    if (!copy) {
        FATAL("out of memory: text of at most %zu bytes", size);
    }
    return copy;
}

void *xrealloc(void *memory, size_t size)
{
    void *grown = realloc(memory, size ? size : 1);

    if (!grown) {
        FATAL("out of memory: %zu bytes", size);
    }
    return grown;
}

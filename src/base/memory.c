/* memory.c - allocation that aborts the process when memory runs out. */
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void out_of_memory(void)
{
    static const char message[] = "darkroom: out of memory\n";

    (void)!write(STDERR_FILENO, message, sizeof message - 1); /* stdio might allocate a buffer */
    abort();
}

void *xcalloc(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size ? size : 1);

    if (!memory) {
        out_of_memory();
    }
    return memory;
}

char *xstrdup(const char *text)
{
    char *copy = strdup(text);

    if (!copy) {
        out_of_memory();
    }
    return copy;
}

void *xrealloc(void *memory, size_t size)
{
    void *grown = realloc(memory, size ? size : 1);

    if (!grown) {
        out_of_memory();
    }
    return grown;
}

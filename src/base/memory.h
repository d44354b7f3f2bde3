/* memory.h - what happens when memory runs out: one policy for the whole program.
 *
 * Small allocations (structs, strings, lists, arenas) use these functions, which print a message
 * and abort. A process that cannot allocate a few bytes cannot end its jobs in order either; after
 * an abort the leases of its jobs expire, and another worker takes the jobs over from their last
 * saved step.
 *
 * Large buffers, whose size comes from outside (images, response bodies, files: struct blob), are
 * allocated with blob_new, or with malloc and a check. If that fails, the function returns
 * ERROR_INTERNAL, and only the job or command that needs the buffer fails. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H
#include <stddef.h>

/* calloc, strdup and realloc that never return NULL. The caller frees the result with free. */
void *xcalloc(size_t count, size_t size);
char *xstrdup(const char *text);
void *xrealloc(void *memory, size_t size);

/* Prints "darkroom: out of memory" and aborts. */
_Noreturn void out_of_memory(void);
#endif

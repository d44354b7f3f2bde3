/* arena.h - memory that is freed all at once, for example at the end of a job.
 *
 * Allocations never fail: see base/memory.h. Under AddressSanitizer each allocation has a block of
 * its own, so that overruns are detected. Not safe for use by two threads at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena); /* NULL is harmless */

void *arena_alloc(struct arena *arena, size_t size);     /* zeroed; aligned for any type */
char *arena_text(struct arena *arena, const char *text); /* returns NULL for NULL */
char *arena_bytes(struct arena *arena, const void *data, size_t size); /* a copy, and a zero byte */
char *arena_printf(struct arena *arena, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#endif

/* arena.h - the memory of one job, gone at once when the job ends.
 *
 * Running out of memory for such small things ends the process: the job's lease lapses and
 * another worker takes it up. Under AddressSanitizer each allocation is a malloc of its own, so
 * that overruns inside the arena are seen. Not for use by two threads at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena); /* NULL is harmless */

void *arena_alloc(struct arena *arena, size_t size);     /* zeroed; aligned for any type */
char *arena_text(struct arena *arena, const char *text); /* NULL gives NULL */
char *arena_bytes(struct arena *arena, const void *data, size_t size); /* copy + zero byte */
char *arena_printf(struct arena *arena, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#endif

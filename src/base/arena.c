/* arena.c - allocations that go together: a list of malloc'ed blocks, small ones shared. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
enum { BLOCK_ROOM = 0 }; /* every allocation on its own, so that overruns are seen */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { BLOCK_ROOM = 0 };
#else
enum { BLOCK_ROOM = 4000 };
#endif
#else
enum { BLOCK_ROOM = 4000 };
#endif

struct block {
    struct block *next;
    size_t used, room;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *blocks; /* newest first; only the first has room left */
};

static void *must(void *memory)
{
    if (!memory) {
        static const char last_words[] = "darkroom: out of memory\n";
        fwrite(last_words, 1, sizeof last_words - 1, stderr);
        abort();
    }
    return memory;
}

struct arena *arena_new(void)
{
    return must(calloc(1, sizeof(struct arena)));
}

void arena_free(struct arena *arena)
{
    if (!arena) {
        return;
    }
    for (struct block *block = arena->blocks; block;) {
        struct block *next = block->next;

        free(block);
        block = next;
    }
    free(arena);
}

static struct block *block_new(size_t room)
{
    struct block *block = must(calloc(1, sizeof *block + room));

    block->room = room;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t align = alignof(max_align_t);
    struct block *block = arena->blocks;

    if (size > SIZE_MAX / 2) {
        must(NULL);
    }
    size = size ? (size + align - 1) / align * align : align;
    if (block && block->room - block->used >= size) {
        block->used += size;
        return block->bytes + block->used - size;
    }
    if (size > BLOCK_ROOM / 4 && block) { /* large: its own block, behind the one with room */
        struct block *own = block_new(size);

        own->used = size;
        own->next = block->next;
        block->next = own;
        return own->bytes;
    }
    block = block_new(size > BLOCK_ROOM ? size : BLOCK_ROOM);
    block->used = size;
    block->next = arena->blocks;
    arena->blocks = block;
    return block->bytes;
}

char *arena_bytes(struct arena *arena, const void *data, size_t size)
{
    char *copy = arena_alloc(arena, size + 1);

    if (size > 0) {
        memcpy(copy, data, size);
    }
    return copy;
}

char *arena_text(struct arena *arena, const char *text)
{
    return text ? arena_bytes(arena, text, strlen(text)) : NULL;
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
    va_list list, again;
    int size;
    char *out;

    va_start(list, fmt);
    va_copy(again, list);
    size = vsnprintf(NULL, 0, fmt, list);
    va_end(list);
    out = arena_alloc(arena, (size_t)(size > 0 ? size : 0) + 1);
    vsnprintf(out, (size_t)(size > 0 ? size : 0) + 1, fmt, again);
    va_end(again);
    return out;
}

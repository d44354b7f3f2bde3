/* arena.c - an arena is a list of blocks; small allocations share a block. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#if defined(__SANITIZE_ADDRESS__)
enum {
    BLOCK_BYTES = 0
}; /* each allocation gets a block of its own, so that overruns are detected */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { BLOCK_BYTES = 0 };
#else
enum { BLOCK_BYTES = 4000 };
#endif
#else
enum { BLOCK_BYTES = 4000 };
#endif

struct arena_block {
    struct arena_block *next;
    size_t used, capacity;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct arena_block *blocks; /* allocations are only made in the first block */
};

struct arena *arena_new(void)
{
    return xcalloc(1, sizeof(struct arena));
}

void arena_free(struct arena *arena)
{
    if (!arena) {
        return;
    }
    for (struct arena_block *block = arena->blocks; block;) {
        struct arena_block *next = block->next;

        free(block);
        block = next;
    }
    free(arena);
}

static struct arena_block *block_new(size_t capacity)
{
    struct arena_block *block = xcalloc(1, sizeof *block + capacity);

    block->capacity = capacity;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t align = alignof(max_align_t);
    struct arena_block *block = arena->blocks;

    if (size > SIZE_MAX / 2) {
        FATAL("arena: more bytes requested than a size can hold");
    }
    size = size ? (size + align - 1) / align * align : align;
    if (block && block->capacity - block->used >= size) {
        block->used += size;
        return block->bytes + block->used - size;
    }
    if (size > BLOCK_BYTES / 4 && block) { /* Large: gets its own block, after the first, which
                                              still has space for small ones. */
        struct arena_block *own = block_new(size);

        own->used = size;
        own->next = block->next;
        block->next = own;
        return own->bytes;
    }
    block = block_new(size > BLOCK_BYTES ? size : BLOCK_BYTES);
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

/* decoder_buffer.h - memory that the worker shares with one child of a decoder process at a time.
 *
 * The kernel takes longer to hand out fresh memory than most images take to decode, so a few
 * buffers are kept. They are cleared between images: a child must not see the image of another
 * seller. */
#ifndef DECODER_DECODER_BUFFER_H
#define DECODER_DECODER_BUFFER_H
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct decoder_buffer {
    int fd;
    uint8_t *memory;
    size_t size; /* of the memory */
    size_t used; /* bytes that the child may write, from the start */
    struct decoder_buffer *next;
};

/* Returns a cleared buffer of at least `bytes`; NULL and ERROR_INTERNAL if there is no memory. */
struct decoder_buffer *decoder_buffer_take(size_t bytes, struct error *err);
/* Keeps the buffer for a later image, or frees it. No child may have it mapped. */
void decoder_buffer_return(struct decoder_buffer *buffer);
void decoder_buffer_free(struct decoder_buffer *buffer);

/* Keeps at most `count` buffers from now on; 0 frees all that are kept. */
void decoder_buffers_keep(int count);
#endif

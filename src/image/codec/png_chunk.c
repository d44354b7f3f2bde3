/* png_chunk.c - the frame of a PNG chunk. */
#include "image/codec/png_chunk.h"

#include <libdeflate.h>
#include <string.h>

#include "image/codec/byte_order.h"

uint8_t *png_chunk_close(uint8_t *chunk, const char *type, size_t size)
{
    write_be32(chunk, size);
    memcpy(chunk + 4, type, 4);
    write_be32(chunk + 8 + size, libdeflate_crc32(0, chunk + 4, size + 4));
    return chunk + PNG_CHUNK_FRAME + size;
}

/* png_chunk.h - completes a chunk of a PNG file. PNG specification, 3rd edition, section 5.3. */
#ifndef IMAGE_CODEC_PNG_CHUNK_H
#define IMAGE_CODEC_PNG_CHUNK_H
#include <stddef.h>
#include <stdint.h>

enum { PNG_CHUNK_FRAME = 12 }; /* bytes of a chunk besides its body: length, type, checksum */

/* Writes length, type and checksum around a body of `size` bytes that is already at chunk + 8.
 * Returns the position after the chunk. */
uint8_t *png_chunk_close(uint8_t *chunk, const char *type, size_t size);
#endif

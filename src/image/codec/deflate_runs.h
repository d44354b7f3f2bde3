/* deflate_runs.h - a zlib stream of runs and Huffman codes alone: for filtered rows of pixels.
 *
 * A search for matches finds nearly nothing there. Without it the stream is written several times
 * as fast as by libdeflate's fastest level, and is smaller by a tenth; zlib's Z_RLE has the same
 * size at four times the time. */
#ifndef IMAGE_CODEC_DEFLATE_RUNS_H
#define IMAGE_CODEC_DEFLATE_RUNS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

size_t deflate_runs_bound(size_t size); /* room that deflate_runs needs at `out` */

/* RFC 1950 and 1951. False where there is no memory. */
bool deflate_runs(const uint8_t *data, size_t size, uint8_t *out, size_t *out_size);
#endif

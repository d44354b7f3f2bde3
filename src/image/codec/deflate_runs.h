/* deflate_runs.h - a zlib stream of runs and Huffman codes only, for filtered rows of pixels.
 *
 * A search for matches finds almost nothing in such rows. Without it, writing takes a fraction
 * of the time of libdeflate's fastest level, and the result is a tenth smaller. zlib's Z_RLE
 * gives the same size in four times the time. */
#ifndef IMAGE_CODEC_DEFLATE_RUNS_H
#define IMAGE_CODEC_DEFLATE_RUNS_H
#include <stddef.h>
#include <stdint.h>

size_t deflate_runs_bound(size_t size); /* size of the buffer that deflate_runs needs */

/* Compresses to the format of RFC 1950 and 1951. */
void deflate_runs(const uint8_t *data, size_t size, uint8_t *out, size_t *out_size);
#endif

/* png_filter.h - PNG's row filters put on, for writing. unfilter.h undoes them. */
#ifndef IMAGE_CODEC_PNG_FILTER_H
#define IMAGE_CODEC_PNG_FILTER_H
#include <stddef.h>
#include <stdint.h>

enum { FILTERS_TRIED = 3 }; /* Sub, Up, Paeth */

/* Writes the filter's number and the filtered row (size + 1 bytes): of Sub, Up and Paeth the one
 * whose bytes are closest_match to zero in sum, as the PNG specification advises. `above`: zeros
 * over the first row. `room`: FILTERS_TRIED * size bytes. The same bytes on every processor. */
void filter_row(const uint8_t *row, const uint8_t *above, size_t size, size_t step, uint8_t *room,
                uint8_t *out);
#endif

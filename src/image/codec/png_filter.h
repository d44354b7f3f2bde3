/* png_filter.h - applies PNG's row filters for writing. png_unfilter.h undoes them. */
#ifndef IMAGE_CODEC_PNG_FILTER_H
#define IMAGE_CODEC_PNG_FILTER_H
#include <stddef.h>
#include <stdint.h>

enum { FILTERS_TRIED = 3 }; /* Sub, Up, Paeth */

/* Writes the filter's number and the filtered row (size + 1 bytes), with Sub, Up or Paeth: the
 * one whose bytes have the smallest sum of absolute values, as the PNG specification recommends.
 * `above` is zeros for the first row. `scratch` has FILTERS_TRIED * size bytes. The result is the
 * same on every processor. */
void filter_row(const uint8_t *row, const uint8_t *above, size_t size, size_t step,
                uint8_t *scratch, uint8_t *out);
#endif

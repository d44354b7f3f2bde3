/* png_unfilter.h - undoes PNG's row filters (PNG specification, section 9), 3 or 4 bytes per
 * pixel. */
#ifndef IMAGE_CODEC_PNG_UNFILTER_H
#define IMAGE_CODEC_PNG_UNFILTER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UNFILTER_SLACK = 16 }; /* bytes after each buffer that may be read and overwritten */

/* Processes one row. `from` is filtered and excludes the filter's number; `above` is the
 * finished row above it, zeros for the first. `to` may be in the same buffer as `from`, at a
 * lower address. */
typedef void (*unfilter_fn)(const uint8_t *from, const uint8_t *above, uint8_t *to, size_t size);

/* Returns the fastest function for this processor, or NULL for an unknown filter. */
unfilter_fn unfilter_for(int filter, int step);
unfilter_fn unfilter_portable_for(int filter, int step); /* without SIMD */
#endif

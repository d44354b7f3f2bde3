/* png_unfilter.h - undoes PNG's row filters (PNG specification, section 9), 3 or 4 bytes a pixel.
 */
#ifndef IMAGE_CODEC_PNG_UNFILTER_H
#define IMAGE_CODEC_PNG_UNFILTER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UNFILTER_SLACK = 16 }; /* bytes behind each buffer that may be read, and written over */

/* One row: `from` is filtered, without the filter's number; `above` is the finished row over it
 * (zeros over the first). `to` may lie in the same buffer as `from`, below it. */
typedef void (*unfilter_fn)(const uint8_t *from, const uint8_t *above, uint8_t *to, size_t size);

/* The best that this processor has. NULL: there is no such filter. */
unfilter_fn unfilter_for(int filter, int step);
unfilter_fn unfilter_portable_for(int filter, int step); /* without SIMD */
#endif

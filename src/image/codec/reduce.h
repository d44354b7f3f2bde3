/* reduce.h - divides both sides of an image by a whole number while its rows are read: each pixel
 * is the mean of a square. */
#ifndef IMAGE_CODEC_REDUCE_H
#define IMAGE_CODEC_REDUCE_H
#include "image/image.h"

struct reducer {
    int width, channels, by;
    int out_width, row, rows; /* rows: added since the last finished row; row: next to write */
    uint32_t *sums;           /* of the rows, per column: colours times alpha, alpha; or colours */
};

/* `width` pixels per row, `by` at most REDUCE_MAX. Fails with ERROR_INTERNAL. */
bool reducer_begin(struct reducer *reducer, int width, int channels, int by,
                   struct error *err) MUST_CHECK;
/* Adds a row; writes to `out`, whose rows have the reduced width, when a row is finished. */
void reducer_add(struct reducer *reducer, const uint8_t *row, struct image *out);
/* Writes the last row if it is incomplete. */
void reducer_end(struct reducer *reducer, struct image *out);
void reducer_free(struct reducer *reducer);

/* Reduces an image in memory. */
bool image_reduce(const struct image *in, int by, struct image *out, struct error *err) MUST_CHECK;
#endif

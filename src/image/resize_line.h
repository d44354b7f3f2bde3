/* resize_line.h - the loops of scaling: lines of floats, four a pixel, alpha multiplied in. */
#ifndef IMAGE_RESIZE_LINE_H
#define IMAGE_RESIZE_LINE_H
#include <stddef.h>
#include <stdint.h>

struct taps {       /* of one axis: which inputs make each output, and how much of each */
    int *first;     /* of each output */
    int count;      /* of weights an output; even */
    float *weights; /* an input outside of the image has weight 0 */
};

/* Bytes to floats; `channels` floats a pixel. */
void line_from_bytes(const uint8_t *row, size_t pixels, int channels, float *to);

/* to = the sum of `count` lines (even), each times its weight. */
void lines_blend(const float *const *lines, const float *weights, int count, size_t size,
                 float *to);

/* Three floats a pixel become four. `to` has room for 4 * pixels + 4. */
void line_widen(const float *line, size_t pixels, float *to);

/* Along the line: `out` pixels of `channels` bytes. Every processor gives the same bytes. */
void line_across(const float *line, const struct taps *taps, int out, int channels, uint8_t *to);
void line_across_portable(const float *line, const struct taps *taps, int out, int channels,
                          uint8_t *to);
#endif

/* resize_row.h - inner loops of scaling: rows of floats, four per pixel, with premultiplied
 * alpha. */
#ifndef IMAGE_RESIZE_ROW_H
#define IMAGE_RESIZE_ROW_H
#include <stddef.h>
#include <stdint.h>

struct filter_weights { /* filter weights of one axis */
    int *first;         /* first input of each output */
    int count;          /* weights per output; even */
    float *weights;     /* the weight is 0 for an input outside the image */
};

/* Converts bytes to floats, `channels` floats per pixel. */
void row_from_bytes(const uint8_t *row, size_t pixels, int channels, float *to);

/* Writes the weighted sum of `count` rows (even). */
void rows_blend(const float *const *lines, const float *weights, int count, size_t size, float *to);

/* Expands three floats per pixel to four. `to` needs space for 4 * pixels + 4 floats. */
void row_widen(const float *line, size_t pixels, float *to);

/* Filters horizontally into `out` pixels of `channels` bytes. The result is the same on every
 * processor. */
void row_filter(const float *line, const struct filter_weights *taps, int out, int channels,
                uint8_t *to);
void row_filter_portable(const float *line, const struct filter_weights *taps, int out,
                         int channels, uint8_t *to);
#endif

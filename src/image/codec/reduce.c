/* reduce.c - the mean of squares of pixels, weighted by their alpha. */
#include "image/codec/reduce.h"

#include <stdlib.h>
#include <string.h>

enum { SUMS = 5 }; /* red, green, blue, alpha, number of pixels */

bool reducer_begin(struct reducer *reducer, int width, int channels, int by, struct error *err)
{
    *reducer = (struct reducer){
        .width = width, .channels = channels, .by = by, .out_width = (width + by - 1) / by
    };
    reducer->sums = calloc((size_t)reducer->out_width, SUMS * sizeof *reducer->sums);
    return reducer->sums || error_set(err, ERROR_INTERNAL, "no memory to decode an image");
}

void reducer_free(struct reducer *reducer)
{
    free(reducer->sums);
    *reducer = (struct reducer){ 0 };
}

static void write_row(struct reducer *reducer, struct image *out)
{
    int channels = reducer->channels;
    uint8_t *to =
        out->pixels + (size_t)reducer->row * (size_t)reducer->out_width * (size_t)channels;

    for (int x = 0; x < reducer->out_width; x++, to += channels) {
        const uint32_t *sum = reducer->sums + (size_t)x * SUMS;
        uint32_t weight = channels == 4 ? sum[3] : sum[4];

        for (int c = 0; c < 3; c++) {
            to[c] = weight > 0 ? (uint8_t)((sum[c] + weight / 2) / weight) : 0;
        }
        if (channels == 4) {
            to[3] = (uint8_t)((sum[3] + sum[4] / 2) / sum[4]);
        }
    }
    memset(reducer->sums, 0, (size_t)reducer->out_width * SUMS * sizeof *reducer->sums);
    reducer->row++;
    reducer->rows = 0;
}

void reducer_add(struct reducer *reducer, const uint8_t *row, struct image *out)
{
    for (int x = 0; x < reducer->width; x++, row += reducer->channels) {
        uint32_t *sum = reducer->sums + (size_t)(x / reducer->by) * SUMS;
        uint32_t alpha = reducer->channels == 4 ? row[3] : 1;

        sum[0] += row[0] * alpha;
        sum[1] += row[1] * alpha;
        sum[2] += row[2] * alpha;
        sum[3] += alpha;
        sum[4]++;
    }
    if (++reducer->rows == reducer->by) {
        write_row(reducer, out);
    }
}

void reducer_end(struct reducer *reducer, struct image *out)
{
    if (reducer->rows > 0) {
        write_row(reducer, out);
    }
}

bool image_reduce(const struct image *in, int by, struct image *out, struct error *err)
{
    size_t stride = (size_t)in->width * (size_t)in->channels;
    struct reducer reducer;

    if (!reducer_begin(&reducer, in->width, in->channels, by, err)) {
        return false;
    }
    for (int y = 0; y < in->height; y++) {
        reducer_add(&reducer, in->pixels + (size_t)y * stride, out);
    }
    reducer_end(&reducer, out);
    reducer_free(&reducer);
    return true;
}

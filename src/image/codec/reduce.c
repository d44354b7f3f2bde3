/* reduce.c - the mean of squares of pixels, weighted by their alpha. Rows are added column by
 * column, in loops that the compiler vectorizes; columns are added when a row of squares is
 * complete. */
#include "image/codec/reduce.h"

#include <stdlib.h>
#include <string.h>

bool reducer_begin(struct reducer *reducer, int width, int channels, int by, struct error *err)
{
    *reducer = (struct reducer){
        .width = width, .channels = channels, .by = by, .out_width = (width + by - 1) / by
    };
    reducer->sums = calloc((size_t)width * (size_t)channels, sizeof *reducer->sums);
    return reducer->sums || error_set(err, ERROR_INTERNAL, "no memory to decode an image");
}

void reducer_free(struct reducer *reducer)
{
    free(reducer->sums);
    *reducer = (struct reducer){ 0 };
}

/* Returns sum / weight, rounded to the nearest, for a factor of 1 / weight. The half that is added
 * to the integer keeps the product from falling below a whole number by its rounding. */
static uint8_t mean_of(int64_t sum, int64_t weight, double factor)
{
    return (uint8_t)(((double)(sum + weight / 2) + 0.5) * factor);
}

static void write_opaque(const struct reducer *reducer, uint8_t *to)
{
    const uint32_t *sums = reducer->sums;
    int64_t weight = 0;
    double factor = 0;

    for (int x = 0; x < reducer->width; x += reducer->by, to += 3) {
        int columns = reducer->width - x < reducer->by ? reducer->width - x : reducer->by;
        int64_t sum[3] = { 0 };

        if (weight != (int64_t)columns * reducer->rows) { /* the first and the last square */
            weight = (int64_t)columns * reducer->rows;
            factor = 1.0 / (double)weight;
        }
        for (int i = 0; i < columns; i++, sums += 3) {
            sum[0] += sums[0];
            sum[1] += sums[1];
            sum[2] += sums[2];
        }
        for (int c = 0; c < 3; c++) {
            to[c] = mean_of(sum[c], weight, factor);
        }
    }
}

static void write_transparent(const struct reducer *reducer, uint8_t *to)
{
    const uint32_t *sums = reducer->sums;

    for (int x = 0; x < reducer->width; x += reducer->by, to += 4) {
        int columns = reducer->width - x < reducer->by ? reducer->width - x : reducer->by;
        int64_t sum[4] = { 0 }, count = (int64_t)columns * reducer->rows;
        double factor;

        for (int i = 0; i < columns; i++, sums += 4) {
            for (int c = 0; c < 4; c++) {
                sum[c] += sums[c];
            }
        }
        factor = sum[3] > 0 ? 1.0 / (double)sum[3] : 0;
        for (int c = 0; c < 3; c++) {
            to[c] = mean_of(sum[c], sum[3], factor);
        }
        to[3] = mean_of(sum[3], count, 1.0 / (double)count);
    }
}

static void write_row(struct reducer *reducer, struct image *out)
{
    size_t stride = (size_t)reducer->out_width * (size_t)reducer->channels;
    uint8_t *to = out->pixels + (size_t)reducer->row * stride;

    if (reducer->channels == 4) {
        write_transparent(reducer, to);
    } else {
        write_opaque(reducer, to);
    }
    memset(reducer->sums, 0,
           (size_t)reducer->width * (size_t)reducer->channels * sizeof *reducer->sums);
    reducer->row++;
    reducer->rows = 0;
}

static void add_opaque(const uint8_t *restrict row, size_t size, uint32_t *restrict sums)
{
    for (size_t i = 0; i < size; i++) {
        sums[i] += row[i];
    }
}

static void add_transparent(const uint8_t *restrict row, size_t size, uint32_t *restrict sums)
{
    for (size_t i = 0; i < size; i += 4) {
        uint32_t alpha = row[i + 3];

        sums[i] += row[i] * alpha;
        sums[i + 1] += row[i + 1] * alpha;
        sums[i + 2] += row[i + 2] * alpha;
        sums[i + 3] += alpha;
    }
}

void reducer_add(struct reducer *reducer, const uint8_t *row, struct image *out)
{
    size_t size = (size_t)reducer->width * (size_t)reducer->channels;

    if (reducer->channels == 4) {
        add_transparent(row, size, reducer->sums);
    } else {
        add_opaque(row, size, reducer->sums);
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

/* A square of one pixel keeps its value; without alpha it has no colour. */
static void copy_pixels(const struct image *in, struct image *out)
{
    size_t size = (size_t)in->width * (size_t)in->height * (size_t)in->channels;

    memcpy(out->pixels, in->pixels, size);
    for (size_t i = 0; in->channels == 4 && i < size; i += 4) {
        if (out->pixels[i + 3] == 0) {
            memset(out->pixels + i, 0, 3);
        }
    }
}

bool image_reduce(const struct image *in, int by, struct image *out, struct error *err)
{
    size_t stride = (size_t)in->width * (size_t)in->channels;
    struct reducer reducer;

    if (by == 1) {
        copy_pixels(in, out);
        return true;
    }
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

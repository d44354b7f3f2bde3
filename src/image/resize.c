/* resize.c - separable Lanczos3, with weights worked out once a column and once a row. */
#include "image/resize.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double lobes = 3;

struct taps { /* for one axis: which inputs make each output, and how much */
    int *first;
    int count; /* of weights an output */
    float *weights;
};

static double lanczos(double x)
{
    static const double pi = 3.14159265358979323846;

    x = fabs(x);
    if (x < 1e-9) {
        return 1;
    }
    return x < lobes ? lobes * sin(pi * x) * sin(pi * x / lobes) / (pi * pi * x * x) : 0;
}

static void taps_free(struct taps *taps)
{
    free(taps->first);
    free(taps->weights);
}

static bool taps_new(int in, int out, struct taps *taps)
{
    double scale = (double)in / out, spread = scale > 1 ? scale : 1;

    taps->count = (int)ceil(lobes * spread) * 2 + 1;
    taps->first = calloc((size_t)out, sizeof *taps->first);
    taps->weights = calloc((size_t)out * (size_t)taps->count, sizeof *taps->weights);
    if (!taps->first || !taps->weights) {
        return false;
    }
    for (int o = 0; o < out; o++) {
        double centre = (o + 0.5) * scale - 0.5, sum = 0;
        float *weights = taps->weights + (size_t)o * (size_t)taps->count;
        int first = (int)floor(centre) - taps->count / 2;

        for (int t = 0; t < taps->count; t++) {
            sum += lanczos((first + t - centre) / spread);
        }
        taps->first[o] = first;
        for (int t = 0; t < taps->count; t++) {
            weights[t] = (float)(lanczos((first + t - centre) / spread) / sum);
        }
    }
    return true;
}

static int held(int at, int count)
{
    return at < 0 ? 0 : at >= count ? count - 1 : at;
}

/* One row of the input becomes one row of `width` pixels of floats, alpha multiplied in. */
static void scale_row(const struct image *in, int y, const struct taps *taps, int width,
                      float *line, float *to)
{
    int channels = in->channels;
    const uint8_t *row = in->pixels + (size_t)y * (size_t)in->width * (size_t)channels;

    for (int x = 0; x < in->width; x++) {
        float alpha = channels == 4 ? (float)row[x * 4 + 3] / 255 : 1;

        for (int c = 0; c < channels; c++) {
            line[x * channels + c] = (float)row[x * channels + c] * (c < 3 ? alpha : 1);
        }
    }
    for (int x = 0; x < width; x++) {
        const float *weights = taps->weights + (size_t)x * (size_t)taps->count;
        float sum[4] = { 0 };

        for (int t = 0; t < taps->count; t++) {
            const float *pixel =
                line + (size_t)held(taps->first[x] + t, in->width) * (size_t)channels;

            for (int c = 0; c < channels; c++) {
                sum[c] += weights[t] * pixel[c];
            }
        }
        memcpy(to + (size_t)x * (size_t)channels, sum, (size_t)channels * sizeof *sum);
    }
}

static uint8_t byte_of(float value)
{
    return value <= 0 ? 0 : value >= 255 ? 255 : (uint8_t)(value + 0.5F);
}

static void blend_row(const float *rows, int in_height, const struct taps *taps, int y,
                      struct image *out, float *sum)
{
    int channels = out->channels;
    size_t wide = (size_t)out->width * (size_t)channels;
    const float *weights = taps->weights + (size_t)y * (size_t)taps->count;
    uint8_t *to = out->pixels + (size_t)y * wide;

    memset(sum, 0, wide * sizeof *sum);
    for (int t = 0; t < taps->count; t++) {
        const float *row = rows + (size_t)held(taps->first[y] + t, in_height) * wide;

        for (size_t i = 0; i < wide; i++) {
            sum[i] += weights[t] * row[i];
        }
    }
    for (size_t i = 0; i < wide; i++) {
        size_t alpha_at = i / (size_t)channels * (size_t)channels + 3;
        float alpha = channels == 4 && i != alpha_at ? sum[alpha_at] / 255 : 1;

        to[i] = byte_of(alpha > 0.002F ? sum[i] / alpha : 0);
    }
}

bool image_scale(const struct image *in, int width, int height, struct image *out,
                 struct error *err)
{
    struct taps across = { 0 }, down = { 0 };
    size_t wide = (size_t)width * (size_t)in->channels;
    float *rows = malloc((size_t)in->height * wide * sizeof *rows);
    float *line = malloc((size_t)in->width * (size_t)in->channels * sizeof *line);
    float *sum = malloc(wide * sizeof *sum);
    bool good = rows && line && sum && taps_new(in->width, width, &across) &&
                taps_new(in->height, height, &down);

    if (!good) {
        error_set(err, ERROR_INTERNAL, "no memory to scale an image");
    }
    good = good && image_new(width, height, in->channels, out, err);
    if (good) {
        for (int y = 0; y < in->height; y++) {
            scale_row(in, y, &across, width, line, rows + (size_t)y * wide);
        }
        for (int y = 0; y < height; y++) {
            blend_row(rows, in->height, &down, y, out, sum);
        }
    }
    taps_free(&across);
    taps_free(&down);
    free(rows);
    free(line);
    free(sum);
    return good;
}

bool image_crop(const struct image *in, int x, int y, int width, int height, struct image *out,
                struct error *err)
{
    size_t channels = (size_t)in->channels;

    if (x < 0 || y < 0 || width < 1 || height < 1 || width > in->width - x ||
        height > in->height - y) {
        return error_set(err, ERROR_INTERNAL, "a crop outside of the image");
    }
    if (!image_new(width, height, in->channels, out, err)) {
        return false;
    }
    for (int row = 0; row < height; row++) {
        memcpy(out->pixels + (size_t)row * (size_t)width * channels,
               in->pixels + ((size_t)(y + row) * (size_t)in->width + (size_t)x) * channels,
               (size_t)width * channels);
    }
    return true;
}

bool image_cover(const struct image *in, int width, int height, struct image *out,
                 struct error *err)
{
    double ratio = (double)width / height;
    int crop_width = in->width, crop_height = in->height;
    struct image cut;
    bool good;

    if (in->width < width || in->height < height) {
        return error_set(err, ERROR_OUTPUT, "the image has %d x %d pixels, %d x %d are needed",
                         in->width, in->height, width, height);
    }
    if ((double)in->width / in->height > ratio) {
        crop_width = (int)lround(in->height * ratio);
    } else {
        crop_height = (int)lround(in->width / ratio);
    }
    crop_width = crop_width < width ? width : crop_width;
    crop_height = crop_height < height ? height : crop_height;
    if (!image_crop(in, (in->width - crop_width) / 2, (in->height - crop_height) / 2, crop_width,
                    crop_height, &cut, err)) {
        return false;
    }
    if (crop_width == width && crop_height == height) {
        *out = cut;
        return true;
    }
    good = image_scale(&cut, width, height, out, err);
    image_free(&cut);
    return good;
}

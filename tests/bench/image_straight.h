/* image_straight.h - a straightforward implementation of image processing: a JSON tree, a table for
 * base64, libpng for decoding and encoding, simple loops. The reference of bench_image. */
#ifndef BENCH_IMAGE_STRAIGHT_H
#define BENCH_IMAGE_STRAIGHT_H
#include <math.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "image/image.h"

static inline bool straight_base64(const char *in, struct blob *out)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t size = strlen(in), at = 0;
    uint8_t table[256];

    memset(table, 255, sizeof table);
    for (int i = 0; i < 64; i++) {
        table[(unsigned char)alphabet[i]] = (uint8_t)i;
    }
    *out = blob_from_malloc(malloc(size / 4 * 3 + 3), 0);
    for (size_t i = 0; i + 4 <= size; i += 4) {
        uint8_t a = table[(unsigned char)in[i]], b = table[(unsigned char)in[i + 1]];
        uint8_t c = table[(unsigned char)in[i + 2]], d = table[(unsigned char)in[i + 3]];

        if (a > 63 || b > 63 || (c > 63 && in[i + 2] != '=') || (d > 63 && in[i + 3] != '=')) {
            return false;
        }
        out->data[at++] = (uint8_t)(a << 2 | b >> 4);
        out->data[at++] = (uint8_t)(b << 4 | (c & 63) >> 2);
        out->data[at++] = (uint8_t)(c << 6 | d);
    }
    out->size = at - (in[size - 1] == '=') - (in[size - 2] == '=');
    return true;
}

static inline bool straight_answer(const char *text, size_t size, struct blob *out)
{
    cJSON *top = cJSON_ParseWithLength(text, size);
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(top, "data");
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(data, 0), "b64_json");
    bool good = cJSON_IsString(item) && straight_base64(item->valuestring, out);

    cJSON_Delete(top);
    return good;
}

/* Uses libpng's simplified interface. */
static inline bool straight_decode(const struct blob *file, struct image *out)
{
    png_image png = { .version = PNG_IMAGE_VERSION };
    struct error err;

    if (!png_image_begin_read_from_memory(&png, file->data, file->size)) {
        return false;
    }
    png.format = png.format & PNG_FORMAT_FLAG_ALPHA ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB;
    return image_new((int)png.width, (int)png.height, (int)PNG_IMAGE_SAMPLE_CHANNELS(png.format),
                     out, &err) &&
           png_image_finish_read(&png, NULL, out->pixels, 0, NULL);
}

static inline bool straight_encode(const struct image *image, struct blob *out)
{
    png_image png = { .version = PNG_IMAGE_VERSION,
                      .width = (png_uint_32)image->width,
                      .height = (png_uint_32)image->height,
                      .format = image->channels == 4 ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB };
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png);

    *out = blob_from_malloc(malloc(size), 0);
    if (!png_image_write_to_memory(&png, out->data, &size, 0, image->pixels, 0, NULL)) {
        return false;
    }
    out->size = size;
    return true;
}

/* Checks contrast, transparency and sharpness in three loops. */
static inline bool straight_check(const struct image *image, double contrast, double sharpness)
{
    int w = image->width, h = image->height, n = image->channels;
    double sum = 0, squares = 0, edges = 0, count = (double)w * h, mean;
    const uint8_t *d = image->pixels;

    for (int i = 0; i < w * h; i++) {
        double v = (d[i * n] * 2 + d[i * n + 1] * 5 + d[i * n + 2]) / 8.0;

        sum += v;
        squares += v * v;
        if (n == 4 && d[i * n + 3] != 255) {
            return false;
        }
    }
    for (int y = 1; y + 1 < h; y++) {
        for (int x = 1; x + 1 < w; x++) {
            const uint8_t *p = d + ((size_t)y * w + x) * n + 1;
            int v = 4 * p[0] - p[-n] - p[n] - p[-w * n] - p[w * n];

            edges += v * v;
        }
    }
    mean = sum / count;
    return sqrt(squares / count - mean * mean) >= contrast && sqrt(edges / count) >= sharpness;
}

static inline double straight_kernel(double x)
{
    return x == 0        ? 1
           : fabs(x) < 3 ? 3 * sin(M_PI * x) * sin(M_PI * x / 3) / (M_PI * M_PI * x * x)
                         : 0;
}

struct straight_axis {
    int lines, in, out, run; /* lines of `in` values, each of `run` consecutive floats */
};

/* Scales one axis with Lanczos3; the weights are computed once. */
static inline void straight_scale(const float *in, float *to, struct straight_axis axis)
{
    double scale = (double)axis.in / axis.out, wide = scale > 1 ? scale : 1;
    int taps = (int)ceil(3 * wide) * 2 + 1, run = axis.run;
    float *weights = malloc((size_t)taps * (size_t)axis.out * sizeof *weights);

    for (int o = 0; o < axis.out; o++) {
        double centre = (o + 0.5) * scale - 0.5, sum = 0;
        int first = (int)floor(centre) - taps / 2;

        for (int t = 0; t < taps; t++) {
            sum += straight_kernel((first + t - centre) / wide);
        }
        for (int t = 0; t < taps; t++) {
            weights[o * taps + t] = (float)(straight_kernel((first + t - centre) / wide) / sum);
        }
    }
    memset(to, 0, (size_t)axis.lines * (size_t)axis.out * (size_t)run * sizeof *to);
    for (int line = 0; line < axis.lines; line++) {
        for (int o = 0; o < axis.out; o++) {
            float *sum = to + ((size_t)line * (size_t)axis.out + (size_t)o) * (size_t)run;
            int first = (int)floor((o + 0.5) * scale - 0.5) - taps / 2;

            for (int t = 0; t < taps; t++) {
                int at = first + t < 0 ? 0 : first + t >= axis.in ? axis.in - 1 : first + t;
                const float *from =
                    in + ((size_t)line * (size_t)axis.in + (size_t)at) * (size_t)run;

                for (int i = 0; i < run; i++) {
                    sum[i] += weights[o * taps + t] * from[i];
                }
            }
        }
    }
    free(weights);
}
#endif

/* test_images.h - image files for tests of src/image, also invalid ones that no encoder writes. */
#ifndef TESTS_LIB_TEST_IMAGES_H
#define TESTS_LIB_TEST_IMAGES_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libdeflate.h>

#include "base/random.h"
#include "image/image.h"

static inline void put(struct blob *file, const void *data, size_t size)
{
    file->data = realloc(file->data, file->size + size + 1);
    assert_non_null(file->data);
    if (size > 0) {
        memcpy(file->data + file->size, data, size);
    }
    file->size += size;
    *file = blob_from_malloc(file->data, file->size);
}

static inline void put_big(struct blob *file, uint32_t value)
{
    uint8_t d[4] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                     (uint8_t)value };

    put(file, d, 4);
}

static inline void png_chunk(struct blob *file, const char *type, const void *body, size_t size)
{
    size_t at = file->size + 4;

    put_big(file, (uint32_t)size);
    put(file, type, 4);
    put(file, body, size);
    put_big(file, libdeflate_crc32(0, file->data + at, size + 4));
}

struct png_kind {
    uint32_t width, height;
    uint8_t depth, color, compression, filter, interlace;
};

static inline void png_open(struct blob *file, struct png_kind kind)
{
    struct blob body = { 0 };

    put(file, "\x89PNG\r\n\x1a\n", 8);
    put_big(&body, kind.width);
    put_big(&body, kind.height);
    put(&body, &kind.depth, 1);
    put(&body, &kind.color, 1);
    put(&body, &kind.compression, 1);
    put(&body, &kind.filter, 1);
    put(&body, &kind.interlace, 1);
    png_chunk(file, "IHDR", body.data, body.size);
    blob_free(&body);
}

static inline struct blob deflated(const uint8_t *raw, size_t size)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
    size_t room = libdeflate_zlib_compress_bound(c, size);
    uint8_t *data = malloc(room);

    assert_non_null(data);
    room = libdeflate_zlib_compress(c, raw, size, data, room);
    libdeflate_free_compressor(c);
    return blob_from_malloc(data, room);
}

/* Writes IDAT chunks of at most `most` bytes each. */
static inline void png_data(struct blob *file, const uint8_t *raw, size_t size, size_t most)
{
    struct blob z = deflated(raw, size);

    for (size_t at = 0; at < z.size; at += most) {
        png_chunk(file, "IDAT", z.data + at, z.size - at < most ? z.size - at : most);
    }
    blob_free(&z);
}

/* Reference for PNG's filters: writes the filter number and one filtered row to `out`. */
static inline void png_filter(int filter, const uint8_t *row, const uint8_t *above, size_t size,
                              size_t step, uint8_t *out)
{
    out[0] = (uint8_t)filter;
    for (size_t i = 0; i < size; i++) {
        int a = i >= step ? row[i - step] : 0, b = above ? above[i] : 0;
        int c = above && i >= step ? above[i - step] : 0, p = a + b - c, guess = 0;

        switch (filter) {
        case 1:
            guess = a;
            break;
        case 2:
            guess = b;
            break;
        case 3:
            guess = (a + b) / 2;
            break;
        case 4:
            guess = abs(p - a) <= abs(p - b) && abs(p - a) <= abs(p - c) ? a
                    : abs(p - b) <= abs(p - c)                           ? b
                                                                         : c;
            break;
        default:
            break;
        }
        out[i + 1] = (uint8_t)(row[i] - guess);
    }
}

/* filter: 0 to 4; with 5 each row has a different one. */
static inline struct blob png_of(const struct image *image, int filter, size_t most)
{
    size_t step = (size_t)image->channels, size = (size_t)image->width * step;
    uint8_t *raw = malloc((size + 1) * (size_t)image->height);
    struct blob file = { 0 };

    assert_non_null(raw);
    for (int y = 0; y < image->height; y++) {
        const uint8_t *row = image->pixels + (size_t)y * size;

        png_filter(filter == 5 ? (y * 7 + 3) % 5 : filter, row, y > 0 ? row - size : NULL, size,
                   step, raw + (size_t)y * (size + 1));
    }
    png_open(&file, (struct png_kind){ .width = (uint32_t)image->width,
                                       .height = (uint32_t)image->height,
                                       .depth = 8,
                                       .color = image->channels == 4 ? 6 : 2 });
    png_data(&file, raw, (size + 1) * (size_t)image->height, most);
    png_chunk(&file, "IEND", NULL, 0);
    free(raw);
    return file;
}

/* Returns a gradient with noise; with `noise` 256, noise only. */
static inline struct image scene(int width, int height, int channels, size_t noise)
{
    uint64_t state = (uint64_t)width * 65537 + (uint64_t)height * 17 + (uint64_t)channels;
    struct image image;
    struct error err;

    assert_true(image_new(width, height, channels, &image, &err));
    for (size_t i = 0; i < (size_t)width * (size_t)height * (size_t)channels; i++) {
        size_t pixel = i / (size_t)channels, x = pixel % (size_t)width, y = pixel / (size_t)width;

        image.pixels[i] = (uint8_t)(x * (i % 3 + 1) / 2 + y / 3 + random_below(&state, noise + 1));
    }
    return image;
}
#endif

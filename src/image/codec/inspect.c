/* inspect.c - reads what a file declares about itself, before any pixel is decoded. */
#include "image/codec/inspect.h"

#include <string.h>

#include "image/codec/byte_order.h"

static const size_t default_bytes = 50u << 20;
static const int64_t default_pixels = 40 * 1000 * 1000;

/* A GIF's code of at most 12 bits stands for at most 4096 pixels: 2730 per byte. */
enum { GIF_PIXELS_PER_BYTE = 2731 };

static bool inspect_gif(const struct blob *file, struct image_facts *out, struct error *err)
{
    const uint8_t *d = file->data;

    if (file->size < 14 || d[file->size - 1] != 0x3b) {
        return error_set(err, ERROR_INPUT, "the GIF is truncated");
    }
    out->width = d[6] | d[7] << 8;
    out->height = d[8] | d[9] << 8;
    out->alpha = true;
    out->min_bytes = (int64_t)out->width * out->height / GIF_PIXELS_PER_BYTE;
    out->decoder_bytes = 9; /* stb_image: the frame, its background, one byte of history */
    return true;
}

static bool is_bmp_depth(unsigned bits)
{
    return bits == 1 || bits == 4 || bits == 8 || bits == 16 || bits == 24 || bits == 32;
}

static bool inspect_bmp(const struct blob *file, struct image_facts *out, struct error *err)
{
    const uint8_t *d = file->data;
    int32_t height;

    if (file->size < 54 || read_le32(d + 2) > file->size || (int32_t)read_le32(d + 14) < 40 ||
        !is_bmp_depth(d[28] | (unsigned)d[29] << 8)) {
        return error_set(err, ERROR_INPUT, "the BMP is truncated or of an unsupported version");
    }
    height = (int32_t)read_le32(d + 22);
    out->width = (int32_t)read_le32(d + 18);
    out->height = height < 0 && height > -100000 ? -height : height;
    if (out->width > 0 && out->height > 0) {
        int64_t row_bits = (int64_t)out->width * (d[28] | d[29] << 8);

        out->min_bytes = (row_bits + 31) / 32 * 4 * out->height; /* rows of whole 32-bit words */
    }
    out->decoder_bytes = 4; /* stb_image: the pixels, before they are copied */
    return true;
}

typedef bool (*inspect_fn)(const struct blob *file, struct image_facts *out, struct error *err);

static const struct {
    const char *magic;
    size_t size, at;
    enum image_format format;
    inspect_fn inspect;
} formats[] = {
    { "\x89PNG\r\n\x1a\n", 8, 0, FORMAT_PNG, inspect_png },
    { "\xff\xd8\xff", 3, 0, FORMAT_JPEG, inspect_jpeg },
    { "WEBP", 4, 8, FORMAT_WEBP, inspect_webp },
    { "GIF8", 4, 0, FORMAT_GIF, inspect_gif },
    { "BM", 2, 0, FORMAT_BMP, inspect_bmp },
};

static bool too_large(struct error *err)
{
    err->cause = IMAGE_TOO_LARGE;
    return false;
}

/* A header that declares more pixels than its file can hold would only cost memory. */
static bool check_size(const struct blob *file, const struct image_bounds *bounds,
                       const struct image_facts *facts, struct error *err)
{
    int64_t max_pixels = bounds && bounds->max_pixels ? bounds->max_pixels : default_pixels;
    int64_t pixels = (int64_t)facts->width * facts->height;

    if (facts->width < 1 || facts->height < 1) {
        return error_set(err, ERROR_INPUT, "the image has no size");
    }
    if (pixels > max_pixels) {
        error_set(err, ERROR_INPUT, "the image has %lld megapixels; %lld are allowed",
                  (long long)pixels / 1000000, (long long)max_pixels / 1000000);
        return too_large(err);
    }
    return (uint64_t)facts->min_bytes <= file->size ||
           error_set(err, ERROR_INPUT,
                     "the file declares %d x %d pixels, more than its %zu bytes can hold",
                     facts->width, facts->height, file->size);
}

bool image_inspect(const struct blob *file, const struct image_bounds *bounds,
                   struct image_facts *out, struct error *err)
{
    size_t max_bytes = bounds && bounds->max_bytes ? bounds->max_bytes : default_bytes;

    *out = (struct image_facts){ 0 };
    if (file->size > max_bytes) {
        error_set(err, ERROR_INPUT, "the file has %zu MB; %zu MB are allowed", file->size >> 20,
                  max_bytes >> 20);
        return too_large(err);
    }
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (file->size < formats[i].at + formats[i].size ||
            memcmp(file->data + formats[i].at, formats[i].magic, formats[i].size) != 0) {
            continue;
        }
        out->format = formats[i].format;
        return formats[i].inspect(file, out, err) && check_size(file, bounds, out, err);
    }
    return error_set(err, ERROR_INPUT, "the file is not an image");
}

/* inspect.c - reads what a file declares about itself, before any pixel is decoded. */
#include "image/codec/inspect.h"

#include <string.h>

#include "image/codec/byte_order.h"

static const size_t default_bytes = 50u << 20;
static const int64_t default_pixels = 40 * 1000 * 1000;

static bool inspect_gif(const struct blob *file, struct image_facts *out, struct error *err)
{
    const uint8_t *d = file->data;

    if (file->size < 14 || d[file->size - 1] != 0x3b) {
        return error_set(err, ERROR_INPUT, "the GIF is truncated");
    }
    out->width = d[6] | d[7] << 8;
    out->height = d[8] | d[9] << 8;
    out->alpha = true;
    return true;
}

static bool inspect_bmp(const struct blob *file, struct image_facts *out, struct error *err)
{
    const uint8_t *d = file->data;
    int32_t height;

    if (file->size < 54 || read_le32(d + 2) > file->size || (int32_t)read_le32(d + 14) < 40) {
        return error_set(err, ERROR_INPUT, "the BMP is truncated or of an unsupported version");
    }
    height = (int32_t)read_le32(d + 22);
    out->width = (int32_t)read_le32(d + 18);
    out->height = height < 0 && height > -100000 ? -height : height;
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

bool image_inspect(const struct blob *file, const struct image_bounds *bounds,
                   struct image_facts *out, struct error *err)
{
    size_t max_bytes = bounds && bounds->max_bytes ? bounds->max_bytes : default_bytes;
    int64_t pixels = bounds && bounds->max_pixels ? bounds->max_pixels : default_pixels;

    *out = (struct image_facts){ 0 };
    if (file->size > max_bytes) {
        return error_set(err, ERROR_INPUT, "the file has %zu MB; %zu MB are allowed",
                         file->size >> 20, max_bytes >> 20);
    }
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (file->size < formats[i].at + formats[i].size ||
            memcmp(file->data + formats[i].at, formats[i].magic, formats[i].size) != 0) {
            continue;
        }
        out->format = formats[i].format;
        if (!formats[i].inspect(file, out, err)) {
            return false;
        }
        if (out->width < 1 || out->height < 1) {
            return error_set(err, ERROR_INPUT, "the image has no size");
        }
        if ((int64_t)out->width * out->height > pixels) {
            return error_set(err, ERROR_INPUT, "the image has %lld megapixels; %lld are allowed",
                             (long long)out->width * out->height / 1000000,
                             (long long)pixels / 1000000);
        }
        return true;
    }
    return error_set(err, ERROR_INPUT, "the file is not an image");
}

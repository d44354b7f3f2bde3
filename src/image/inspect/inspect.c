/* inspect.c - reads what a file declares about itself, before any pixel is decoded. */
#include "image/inspect/inspect.h"

#include <string.h>

#include "image/codec/byte_order.h"
#include "image/inspect/foreign.h"

static const size_t default_bytes = 50u << 20;
static const int64_t default_pixels = 40 * 1000 * 1000;

/* A GIF's code of at most 12 bits stands for at most 4096 pixels: 2730 per byte. */
enum { GIF_PIXELS_PER_BYTE = 2731 };

/* Returns the position after a chain of data blocks, which an empty one ends; 0 if it is cut off.
 */
static size_t gif_blocks_end(const struct blob *file, size_t at)
{
    while (at < file->size && file->data[at] != 0) {
        at += 1 + (size_t)file->data[at];
    }
    return at < file->size ? at + 1 : 0;
}

static size_t gif_palette_bytes(uint8_t flags)
{
    return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

/* Returns the position after the first frame; 0 if the file holds no complete frame. GIF89a
 * specification, appendix B. */
static size_t gif_frame_end(const struct blob *file)
{
    enum { SCREEN = 13, FRAME = 10 };
    size_t at = SCREEN + gif_palette_bytes(file->data[10]);

    while (at != 0 && at + FRAME < file->size) {
        if (file->data[at] == 0x21) { /* an extension */
            at = gif_blocks_end(file, at + 2);
        } else if (file->data[at] == 0x2c) {
            /* one byte with the size of codes stands before the data */
            return gif_blocks_end(file, at + FRAME + gif_palette_bytes(file->data[at + 9]) + 1);
        } else {
            return 0;
        }
    }
    return 0;
}

static bool inspect_gif(const struct blob *file, struct image_facts *out, struct error *err)
{
    const uint8_t *d = file->data;
    size_t end = file->size < 14 ? 0 : gif_frame_end(file);

    if (end == 0 || (!out->from_seller && d[file->size - 1] != 0x3b)) {
        return error_set(err, ERROR_INPUT, "the GIF is truncated");
    }
    out->used_bytes = out->from_seller ? end : file->size;
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
        int64_t row_bytes = (row_bits + 31) / 32 * 4; /* whole 32-bit words */

        out->min_bytes = row_bytes < INT64_MAX / out->height ? row_bytes * out->height : INT64_MAX;
    }
    out->decoder_bytes = 4; /* stb_image: the pixels, before they are copied */
    return true;
}

typedef bool (*inspect_fn)(const struct blob *file, struct image_facts *out, struct error *err);

static const struct known_format {
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

static const struct known_format *known_format_find(const struct blob *file)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (file->size >= formats[i].at + formats[i].size &&
            memcmp(file->data + formats[i].at, formats[i].magic, formats[i].size) == 0) {
            return &formats[i];
        }
    }
    return NULL;
}

/* Formats that have no fixed bytes at their start, or share them with others. Models answer in none
 * of them. */
static enum image_format format_of_photo(const struct blob *file)
{
    static const char *const heic[] = { "heic", "heix", "hevc", "hevx", "heim",
                                        "heis", "mif1", "msf1", NULL };
    static const char *const avif[] = { "avif", "avis", NULL };

    return heif_is_brand(file, heic)            ? FORMAT_HEIC
           : heif_is_brand(file, avif)          ? FORMAT_AVIF
           : foreign_find(file) == FOREIGN_tiff ? FORMAT_TIFF
                                                : FORMAT_UNKNOWN;
}

enum image_format image_format_of(const struct blob *file)
{
    const struct known_format *known = known_format_find(file);

    return known ? known->format : format_of_photo(file);
}

static bool not_an_image(const struct blob *file, struct error *err)
{
    enum foreign_format format = foreign_find(file);

    error_set(err, ERROR_INPUT, "the file is %s",
              format == FOREIGN_UNKNOWN ? "not an image" : foreign_name(format));
    err->cause = format == FOREIGN_UNKNOWN ? 0 : IMAGE_FOREIGN + (int)format;
    return false;
}

static bool check_end(const struct blob *file, const struct image_facts *facts, struct error *err)
{
    return facts->from_seller || facts->used_bytes == file->size ||
           error_set(err, ERROR_INPUT, "the image is broken: something follows its end");
}

static bool too_large(struct error *err)
{
    err->cause = IMAGE_TOO_LARGE;
    return false;
}

/* A header that declares more pixels than its file can hold would only cost memory. */
static bool check_size(const struct image_bounds *bounds, const struct image_facts *facts,
                       struct error *err)
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
    return (uint64_t)facts->min_bytes <= facts->used_bytes ||
           error_set(err, ERROR_INPUT,
                     "the file declares %d x %d pixels, more than its %zu bytes can hold",
                     facts->width, facts->height, facts->used_bytes);
}

bool image_inspect(const struct blob *file, const struct image_bounds *bounds,
                   struct image_facts *out, struct error *err)
{
    size_t max_bytes = bounds && bounds->max_bytes ? bounds->max_bytes : default_bytes;
    const struct known_format *known = known_format_find(file);

    *out = (struct image_facts){ .orientation = 1,
                                 .used_bytes = file->size,
                                 .from_seller = bounds && bounds->from_seller };
    if (file->size > max_bytes) {
        error_set(err, ERROR_INPUT, "the file has %zu MB; %zu MB are allowed", file->size >> 20,
                  max_bytes >> 20);
        return too_large(err);
    }
    if (known) {
        out->format = known->format;
        return known->inspect(file, out, err) && check_end(file, out, err) &&
               check_size(bounds, out, err);
    }
    out->format = out->from_seller ? format_of_photo(file) : FORMAT_UNKNOWN;
    if (out->format == FORMAT_UNKNOWN) {
        return not_an_image(file, err);
    }
    return (out->format == FORMAT_TIFF ? inspect_tiff(file, out, err)
                                       : inspect_heif(file, out, err)) &&
           check_size(bounds, out, err);
}

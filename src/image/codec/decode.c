/* decode.c - decodes a file of any supported format. */
#include "image/codec/decode.h"

#include <webp/decode.h>

static bool decode_webp(const struct blob *file, const struct image_facts *facts, struct image *out,
                        struct error *err)
{
    int channels = facts->alpha ? 4 : 3;
    size_t stride = (size_t)facts->width * (size_t)channels;
    uint8_t *good;

    if (!image_new(facts->width, facts->height, channels, out, err)) {
        return false;
    }
    good = facts->alpha ? WebPDecodeRGBAInto(file->data, file->size, out->pixels,
                                             stride * (size_t)facts->height, (int)stride)
                        : WebPDecodeRGBInto(file->data, file->size, out->pixels,
                                            stride * (size_t)facts->height, (int)stride);
    if (!good) {
        image_free(out);
        return error_set(err, ERROR_INPUT, "the WebP is broken: its pixels cannot be decoded");
    }
    return true;
}

typedef bool (*decode_fn)(const struct blob *file, const struct image_facts *facts,
                          struct image *out, struct error *err);

static const decode_fn decoders[] = {
    [FORMAT_PNG] = decode_png, [FORMAT_JPEG] = decode_jpeg, [FORMAT_WEBP] = decode_webp,
    [FORMAT_GIF] = decode_stb, [FORMAT_BMP] = decode_stb,
};

bool image_decode(const struct blob *file, const struct image_bounds *bounds, struct image *out,
                  struct image_facts *facts, struct error *err)
{
    struct image_facts found;

    *out = (struct image){ 0 };
    if (!image_inspect(file, bounds, &found, err) ||
        !decoders[found.format](file, &found, out, err)) {
        return false;
    }
    found.width = out->width; /* the EXIF orientation may have swapped the sides */
    found.height = out->height;
    if (facts) {
        *facts = found;
    }
    return true;
}

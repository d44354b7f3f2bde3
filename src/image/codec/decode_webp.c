/* decode_webp.c - WebP with libwebp, which scales while it decodes. */
#include <webp/decode.h>

#include "image/codec/decode.h"
#include "image/inspect/webp_parts.h"

static bool broken(struct image *out, struct error *err)
{
    image_free(out);
    return error_set(err, ERROR_INPUT, "the WebP is broken: its pixels cannot be decoded");
}

static bool decode(const struct blob *file, const struct image_facts *facts,
                   const struct decode_target *target, struct image *out, struct error *err)
{
    int reduce = target_reduce(target), channels = facts->alpha ? 4 : 3;
    int width = (facts->width + reduce - 1) / reduce;
    int height = (facts->height + reduce - 1) / reduce;
    WebPDecoderConfig config;

    if (!WebPInitDecoderConfig(&config) ||
        WebPGetFeatures(file->data, file->size, &config.input) != VP8_STATUS_OK ||
        config.input.width != facts->width || config.input.height != facts->height) {
        return broken(out, err);
    }
    if (!target_image(target, width, height, channels, 0, out, err)) {
        return false;
    }
    config.options.use_scaling = reduce > 1;
    config.options.scaled_width = width;
    config.options.scaled_height = height;
    config.output.colorspace = facts->alpha ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = out->pixels;
    config.output.u.RGBA.stride = width * channels;
    config.output.u.RGBA.size = (size_t)width * (size_t)channels * (size_t)height;
    return WebPDecode(file->data, file->size, &config) == VP8_STATUS_OK || broken(out, err);
}

/* libwebp decodes no animations, so that of a seller's photo it gets the picture alone. */
bool decode_webp(const struct blob *file, const struct image_facts *facts,
                 const struct decode_target *target, struct image *out, struct error *err)
{
    struct webp_parts parts;
    struct blob alone;
    bool good;

    if (!facts->from_seller) {
        return decode(file, facts, target, out, err);
    }
    if (file->size < 20 || !webp_find_parts(file, file->size, &parts)) {
        return broken(out, err);
    }
    if (!webp_keep_image(&parts, facts->width, facts->height, &alone, err)) {
        return false;
    }
    good = decode(&alone, facts, target, out, err);
    blob_free(&alone);
    return good;
}

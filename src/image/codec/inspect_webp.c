/* inspect_webp.c - WebP container: its declared length must be that of the file. */
#include <webp/decode.h>

#include "image/codec/byte_order.h"
#include "image/codec/inspect.h"

bool inspect_webp(const struct blob *file, struct image_facts *out, struct error *err)
{
    const uint8_t *d = file->data;
    WebPBitstreamFeatures features;
    uint32_t length;

    if (file->size < 20 || !bytes_contain(d, 4, "RIFF")) {
        return error_set(err, ERROR_INPUT, "the WebP is broken: it is truncated");
    }
    length = read_le32(d + 4);
    if ((uint64_t)length + 8 != file->size) {
        return error_set(err, ERROR_INPUT,
                         "the WebP is broken: its length is not the declared one");
    }
    if (WebPGetFeatures(d, file->size, &features) != VP8_STATUS_OK || features.has_animation) {
        return error_set(err, ERROR_INPUT, "the WebP is broken or animated");
    }
    out->width = features.width;
    out->height = features.height;
    out->alpha = features.has_alpha != 0;
    out->provenance = bytes_contain(d, file->size, "DigitalSourceType");
    return true;
}

/* decode_target.c - where decoders write their pixels. */
#include "image/codec/decode.h"

int target_reduce(const struct decode_target *target)
{
    return target ? target->reduce : 1;
}

/* The caller of the decoder owns the buffer. */
static void keep_buffer(void *base, size_t size)
{
    (void)base;
    (void)size;
}

bool target_image(const struct decode_target *target, int width, int height, int channels,
                  size_t extra, struct image *out, struct error *err)
{
    size_t size = (size_t)width * (size_t)height * (size_t)channels + extra;

    if (!target || !target->buffer) {
        return image_new_with_extra(width, height, channels, extra, out, err);
    }
    if (size > target->capacity) {
        return error_set(err, ERROR_INTERNAL, "no room for %d x %d pixels in the buffer", width,
                         height);
    }
    *out = (struct image){ .width = width,
                           .height = height,
                           .channels = channels,
                           .pixels = target->buffer,
                           .storage = { .release = keep_buffer, .base = target->buffer } };
    return true;
}

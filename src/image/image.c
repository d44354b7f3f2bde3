/* image.c - pixel buffers and names of formats. */
#include "image/image.h"

#include <stdlib.h>

#include "image/memory_budget.h"

bool image_new(int width, int height, int channels, struct image *out, struct error *err)
{
    return image_new_with_extra(width, height, channels, 0, out, err);
}

bool image_new_with_extra(int width, int height, int channels, size_t extra, struct image *out,
                          struct error *err)
{
    size_t size = (size_t)width * (size_t)height * (size_t)channels + extra;

    *out = (struct image){ 0 };
    if (width < 1 || height < 1 || channels < 3 || channels > 4) {
        return error_set(err, ERROR_INTERNAL, "cannot create an image of %d x %d pixels", width,
                         height);
    }
    out->pixels = malloc(size);
    if (!out->pixels) {
        return error_set(err, ERROR_INTERNAL, "no memory for %d x %d pixels", width, height);
    }
    out->width = width;
    out->height = height;
    out->channels = channels;
    return true;
}

void image_free(struct image *image)
{
    const struct image_storage *storage = &image->storage;

    if (!storage->release) {
        free(image->pixels);
    } else if (image->pixels) {
        storage->release(storage->base, storage->size);
    }
    memory_budget_return(storage->reserved);
    *image = (struct image){ 0 };
}

static const struct {
    const char *content_type, *extension;
} formats[] = {
    [FORMAT_UNKNOWN] = { "application/octet-stream", "bin" },
    [FORMAT_PNG] = { "image/png", "png" },
    [FORMAT_JPEG] = { "image/jpeg", "jpg" },
    [FORMAT_WEBP] = { "image/webp", "webp" },
    [FORMAT_GIF] = { "image/gif", "gif" },
    [FORMAT_BMP] = { "image/bmp", "bmp" },
    [FORMAT_HEIC] = { "image/heic", "heic" },
    [FORMAT_AVIF] = { "image/avif", "avif" },
    [FORMAT_TIFF] = { "image/tiff", "tiff" },
};

const char *format_content_type(enum image_format format)
{
    return formats[format].content_type;
}

const char *format_extension(enum image_format format)
{
    return formats[format].extension;
}

const char *image_colours_name(enum image_colours colours)
{
    return colours == COLOURS_CONVERTED ? "converted"
           : colours == COLOURS_ASSUMED ? "assumed to be sRGB"
                                        : NULL;
}

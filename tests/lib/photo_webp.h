/* photo_webp.h - WebP files with metadata, and animations. */
#ifndef TESTS_LIB_PHOTO_WEBP_H
#define TESTS_LIB_PHOTO_WEBP_H
#include "lib/test_images.h"

#include <webp/encode.h>

static inline void webp_chunk(struct blob *file, const char *name, const void *body, size_t size)
{
    uint8_t length[4] = { (uint8_t)size, (uint8_t)(size >> 8), (uint8_t)(size >> 16), 0 };

    put(file, name, 4);
    put(file, length, 4);
    put(file, body, size);
    put(file, "", size & 1);
}

static inline void webp_set_length(struct blob *file)
{
    size_t length = file->size - 8;

    memcpy(file->data + 4,
           ((uint8_t[]){ (uint8_t)length, (uint8_t)(length >> 8), (uint8_t)(length >> 16), 0 }), 4);
}

/* The picture chunks of a simple file: everything after its header. */
static inline struct blob webp_picture(const struct image *image, bool lossless)
{
    uint8_t *data = NULL;
    int w = image->width, h = image->height, stride = w * image->channels;
    size_t size = image->channels == 4 ? WebPEncodeLosslessRGBA(image->pixels, w, h, stride, &data)
                  : lossless           ? WebPEncodeLosslessRGB(image->pixels, w, h, stride, &data)
                                       : WebPEncodeRGB(image->pixels, w, h, stride, 95, &data);
    struct blob picture = { 0 };

    assert_true(size > 12);
    put(&picture, data + 12, size - 12);
    WebPFree(data);
    return picture;
}

static inline void webp_begin(struct blob *file, const struct image *image, uint8_t flags)
{
    uint8_t header[10] = { flags };
    int w = image->width - 1, h = image->height - 1;

    header[4] = (uint8_t)w;
    header[5] = (uint8_t)(w >> 8);
    header[7] = (uint8_t)h;
    header[8] = (uint8_t)(h >> 8);
    put(file, "RIFF\0\0\0\0WEBP", 12);
    webp_chunk(file, "VP8X", header, sizeof header);
}

/* An extended file with a profile and EXIF, each unless it is empty. */
static inline struct blob photo_webp(const struct image *image, bool lossless,
                                     const struct blob *profile, const struct blob *exif)
{
    struct blob file = { 0 }, picture = webp_picture(image, lossless);

    webp_begin(&file, image, (uint8_t)((profile->size ? 0x20 : 0) | (exif->size ? 0x08 : 0)));
    if (profile->size > 0) {
        webp_chunk(&file, "ICCP", profile->data, profile->size);
    }
    put(&file, picture.data, picture.size);
    if (exif->size > 0) {
        webp_chunk(&file, "EXIF", exif->data, exif->size);
    }
    webp_set_length(&file);
    blob_free(&picture);
    return file;
}
#endif

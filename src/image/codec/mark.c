/* mark.c - adds the mark of AI-generated images, and that of sRGB, to a file without touching its
 * pixels. */
#include <string.h>

#include "image/codec/byte_order.h"
#include "image/codec/png_chunk.h"
#include "image/codec/xmp.h"
#include "image/colour/srgb_profile.h"
#include "image/image.h"

static bool png_has_packet(const struct blob *file)
{
    static const char name[] = "iTXtXML:com.adobe.xmp";
    const uint8_t *chunk = file->data + 8, *end = file->data + file->size;

    while (memcmp(chunk + 4, "IEND", 4) != 0) {
        if ((size_t)(end - chunk) > 4 + sizeof name && memcmp(chunk + 4, name, sizeof name) == 0) {
            return true;
        }
        chunk += PNG_CHUNK_FRAME + (size_t)read_be32(chunk);
    }
    return false;
}

/* Returns true if the file already has an XMP packet; a second one is not allowed. */
static bool has_packet(const struct blob *file, enum image_format format)
{
    if (format == FORMAT_PNG) {
        return png_has_packet(file);
    }
    return format == FORMAT_JPEG
               ? memmem(file->data, file->size, xmp_jpeg_name, sizeof xmp_jpeg_name) != NULL
               : memmem(file->data, file->size, "XMP ", 4) != NULL;
}

static bool insert(const struct blob *file, size_t at, const uint8_t *part, size_t size,
                   struct blob *out, struct error *err)
{
    if (!blob_new(out, file->size + size, err)) {
        return false;
    }
    memcpy(out->data, file->data, at);
    memcpy(out->data + at, part, size);
    memcpy(out->data + at + size, file->data + at, file->size - at);
    return true;
}

/* Returns the position after the JFIF and EXIF segments, which must come first. */
static size_t jpeg_insert_position(const struct blob *file)
{
    const uint8_t *d = file->data;
    size_t at = 2;

    while (d[at] == 0xff &&
           (d[at + 1] == 0xe0 || (d[at + 1] == 0xe1 && memcmp(d + at + 4, "Exif", 4) == 0))) {
        at += 2 + (size_t)(d[at + 2] << 8 | d[at + 3]);
    }
    return at;
}

static bool png_has_colours(const struct blob *file)
{
    const uint8_t *chunk = file->data + 8;

    while (memcmp(chunk + 4, "IEND", 4) != 0) {
        if (memcmp(chunk + 4, "sRGB", 4) == 0 || memcmp(chunk + 4, "iCCP", 4) == 0 ||
            memcmp(chunk + 4, "cICP", 4) == 0) {
            return true;
        }
        chunk += PNG_CHUNK_FRAME + (size_t)read_be32(chunk);
    }
    return false;
}

static bool mark_png(const struct blob *file, struct blob *out, struct error *err)
{
    enum { HEADER_END = 33 };
    uint8_t part[XMP_ROOM + PNG_CHUNK_FRAME + 1], *end = part;

    if (!png_has_colours(file)) {
        part[8] = 0; /* rendering intent: perceptual */
        end = png_chunk_close(part, "sRGB", 1);
    }
    end += xmp_png_chunk(end);
    return insert(file, HEADER_END, part, (size_t)(end - part), out, err);
}

/* A profile is one segment after the mark. */
static bool mark_jpeg(const struct blob *file, const struct image_facts *facts, struct blob *out,
                      struct error *err)
{
    enum { HEAD = 18 }; /* marker, length, name, numbers of the segment */
    uint8_t part[XMP_ROOM + HEAD + 1024];
    size_t size = xmp_jpeg_segment(part);
    const struct blob *profile;

    if (!facts->profile) {
        if (!srgb_profile(&profile, err)) {
            return false;
        }
        memcpy(part + size, "\xff\xe2__ICC_PROFILE\0\1\1", HEAD);
        part[size + 2] = (uint8_t)((profile->size + HEAD - 2) >> 8);
        part[size + 3] = (uint8_t)(profile->size + HEAD - 2);
        memcpy(part + size + HEAD, profile->data, profile->size);
        size += HEAD + profile->size;
    }
    return insert(file, jpeg_insert_position(file), part, size, out, err);
}

static void put_little(uint8_t *to, size_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        to[i] = (uint8_t)(value >> 8 * i);
    }
}

/* WebP's simple format cannot hold a packet. Converts it to the extended format, whose header
 * lists the parts. WebP container specification. */
static bool mark_webp(const struct blob *file, const struct image_facts *facts, struct blob *out,
                      struct error *err)
{
    enum { RIFF = 12, EXTENDED = 18, HAS_XMP = 4, HAS_ALPHA = 16 };
    bool extended = memcmp(file->data + RIFF, "VP8X", 4) == 0;
    size_t packet = strlen(xmp_ai_made), head = extended ? 0 : EXTENDED, rest = file->size - RIFF;
    uint8_t *to;

    if (!blob_new(out, file->size + head + 8 + packet + (packet & 1), err)) {
        return false;
    }
    to = out->data;
    memcpy(to, file->data, RIFF);
    put_little(to + 4, out->size - 8, 4);
    if (!extended) {
        memcpy(to + RIFF, "VP8X\x0a\0\0\0", 8);
        put_little(to + RIFF + 8, facts->alpha ? HAS_ALPHA : 0, 4);
        put_little(to + RIFF + 12, (size_t)facts->width - 1, 3);
        put_little(to + RIFF + 15, (size_t)facts->height - 1, 3);
    }
    memcpy(to + RIFF + head, file->data + RIFF, rest);
    to[RIFF + 8] |= HAS_XMP;
    to += RIFF + head + rest;
    memcpy(to, "XMP ", 4);
    put_little(to + 4, packet, 4);
    memcpy(to + 8, xmp_ai_made,
           packet + (packet & 1)); /* padded with the terminating zero of the text */
    return true;
}

bool image_mark(const struct blob *file, const struct image_facts *facts, struct blob *out,
                struct error *err)
{
    *out = (struct blob){ 0 };
    if (has_packet(file, facts->format)) {
        return error_set(err, ERROR_INPUT, "the image already has an XMP packet");
    }
    switch (facts->format) {
    case FORMAT_PNG:
        return mark_png(file, out, err);
    case FORMAT_JPEG:
        return mark_jpeg(file, facts, out, err);
    case FORMAT_WEBP:
        return mark_webp(file, facts, out, err);
    default:
        return error_set(err, ERROR_INPUT, "a %s file cannot carry the provenance mark",
                         format_extension(facts->format));
    }
}

/* tiff.c - finds entries in directories, within the bounds of the bytes. */
#include "image/inspect/tiff.h"

#include <string.h>

enum {
    HEADER = 8, /* byte order, 42, offset of the first directory */
    ENTRY = 12  /* tag, type, count, and the value or its offset */
};

uint32_t tiff_number(const struct tiff *tiff, size_t at, int bytes)
{
    uint32_t value = 0;

    for (int i = 0; i < bytes; i++) {
        value |= (uint32_t)tiff->data[at + (size_t)i] << 8 * (tiff->little ? i : bytes - 1 - i);
    }
    return value;
}

bool tiff_open(const uint8_t *data, size_t size, struct tiff *out)
{
    *out = (struct tiff){ .data = data, .size = size };
    if (size < HEADER + ENTRY ||
        (memcmp(data, "II\x2a\0", 4) != 0 && memcmp(data, "MM\0\x2a", 4) != 0)) {
        return false;
    }
    out->little = data[0] == 'I';
    return true;
}

size_t tiff_first_directory(const struct tiff *tiff)
{
    return tiff_number(tiff, 4, 4);
}

size_t tiff_find(const struct tiff *tiff, size_t directory, enum tiff_tag tag)
{
    uint32_t count;

    if (directory < HEADER || directory > tiff->size - 2) {
        return 0;
    }
    count = tiff_number(tiff, directory, 2);
    for (uint32_t i = 0; i < count; i++) {
        size_t entry = directory + 2 + (size_t)i * ENTRY;

        if (entry > tiff->size - ENTRY) {
            return 0;
        }
        if (tiff_number(tiff, entry, 2) == tag) {
            return entry + 8;
        }
    }
    return 0;
}

const uint8_t *tiff_bytes(const struct tiff *tiff, size_t directory, enum tiff_tag tag,
                          size_t *size)
{
    size_t value = tiff_find(tiff, directory, tag);
    size_t count = value ? tiff_number(tiff, value - 4, 4) : 0;
    size_t at = count > 4 ? tiff_number(tiff, value, 4) : value;

    *size = count;
    return count == 0 || at > tiff->size || count > tiff->size - at ? NULL : tiff->data + at;
}

const char *tiff_text(const struct tiff *tiff, size_t directory, enum tiff_tag tag)
{
    size_t size;
    const uint8_t *text = tiff_bytes(tiff, directory, tag, &size);

    return text && text[size - 1] == '\0' ? (const char *)text : "";
}

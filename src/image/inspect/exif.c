/* exif.c - reads EXIF's directories. TIFF 6.0 section 2, Exif 2.32 section 4.6, DCF 2.0. */
#include "image/inspect/exif.h"

#include <string.h>

enum {
    TIFF_HEADER = 8,
    ENTRY = 12, /* tag, type, count, and the value or its offset */
    TAG_INTEROP_INDEX = 0x0001,
    TAG_ORIENTATION = 0x0112,
    TAG_EXIF_DIRECTORY = 0x8769,
    TAG_INTEROP_DIRECTORY = 0xa005
};

struct tiff {
    const uint8_t *data;
    size_t size;
    bool little;
};

static uint32_t number(const struct tiff *tiff, size_t at, int bytes)
{
    uint32_t value = 0;

    for (int i = 0; i < bytes; i++) {
        value |= (uint32_t)tiff->data[at + (size_t)i] << 8 * (tiff->little ? i : bytes - 1 - i);
    }
    return value;
}

/* Returns the offset of the tag's value in the directory at `directory`; 0 if it has none. */
static size_t find_value(const struct tiff *tiff, size_t directory, uint32_t tag)
{
    uint32_t count;

    if (directory < TIFF_HEADER || directory > tiff->size - 2) {
        return 0;
    }
    count = number(tiff, directory, 2);
    for (uint32_t i = 0; i < count; i++) {
        size_t entry = directory + 2 + (size_t)i * ENTRY;

        if (entry > tiff->size - ENTRY) {
            return 0;
        }
        if (number(tiff, entry, 2) == tag) {
            return entry + 8;
        }
    }
    return 0;
}

static size_t find_directory(const struct tiff *tiff, size_t directory, uint32_t tag)
{
    size_t value = find_value(tiff, directory, tag);

    return value ? number(tiff, value, 4) : 0;
}

struct exif_facts exif_read(const uint8_t *data, size_t size)
{
    struct exif_facts facts = { .orientation = 1 };
    struct tiff tiff = { .data = data, .size = size };
    size_t first, value;

    if (size >= 6 && memcmp(data, "Exif\0\0", 6) == 0) {
        tiff.data += 6;
        tiff.size -= 6;
    }
    if (tiff.size < TIFF_HEADER + ENTRY) {
        return facts;
    }
    tiff.little = tiff.data[0] == 'I';
    first = number(&tiff, 4, 4);
    value = find_value(&tiff, first, TAG_ORIENTATION);
    if (value && number(&tiff, value, 2) >= 1 && number(&tiff, value, 2) <= 8) {
        facts.orientation = (int)number(&tiff, value, 2);
    }
    value = find_value(&tiff,
                       find_directory(&tiff, find_directory(&tiff, first, TAG_EXIF_DIRECTORY),
                                      TAG_INTEROP_DIRECTORY),
                       TAG_INTEROP_INDEX);
    facts.adobe_rgb = value && memcmp(tiff.data + value, "R03", 3) == 0;
    return facts;
}

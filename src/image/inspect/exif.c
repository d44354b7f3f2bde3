/* exif.c - Exif 2.32 section 4.6, DCF 2.0. */
#include "image/inspect/exif.h"

#include <string.h>

#include "image/inspect/tiff.h"

static size_t find_directory(const struct tiff *tiff, size_t directory, enum tiff_tag tag)
{
    size_t value = tiff_find(tiff, directory, tag);

    return value ? tiff_number(tiff, value, 4) : 0;
}

struct exif_facts exif_read(const uint8_t *data, size_t size)
{
    struct exif_facts facts = { .orientation = 1 };
    bool named = size >= 6 && memcmp(data, "Exif\0\0", 6) == 0;
    size_t first, value;
    struct tiff tiff;

    if (!tiff_open(named ? data + 6 : data, named ? size - 6 : size, &tiff)) {
        return facts;
    }
    first = tiff_first_directory(&tiff);
    value = tiff_find(&tiff, first, TIFF_ORIENTATION);
    if (value && tiff_number(&tiff, value, 2) >= 1 && tiff_number(&tiff, value, 2) <= 8) {
        facts.orientation = (int)tiff_number(&tiff, value, 2);
    }
    value = find_directory(&tiff, first, TIFF_EXIF_DIRECTORY);
    value =
        tiff_find(&tiff, find_directory(&tiff, value, TIFF_INTEROP_DIRECTORY), TIFF_INTEROP_INDEX);
    facts.adobe_rgb = value && memcmp(tiff.data + value, "R03", 3) == 0;
    return facts;
}

/* tiff.h - reads the directories of a TIFF structure of any content: TIFF files, EXIF, and RAW
 * files. TIFF 6.0, section 2. */
#ifndef IMAGE_INSPECT_TIFF_H
#define IMAGE_INSPECT_TIFF_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tiff_tag {
    TIFF_INTEROP_INDEX = 0x0001, /* in EXIF's directory of interoperability */
    TIFF_WIDTH = 0x0100,
    TIFF_HEIGHT = 0x0101,
    TIFF_BITS_PER_SAMPLE = 0x0102,
    TIFF_PHOTOMETRIC = 0x0106,
    TIFF_MAKE = 0x010f,
    TIFF_ORIENTATION = 0x0112,
    TIFF_SAMPLES_PER_PIXEL = 0x0115,
    TIFF_SUB_DIRECTORIES = 0x014a,
    TIFF_ICC_PROFILE = 0x8773,
    TIFF_EXIF_DIRECTORY = 0x8769,
    TIFF_INTEROP_DIRECTORY = 0xa005,
    TIFF_DNG_VERSION = 0xc612
};

struct tiff { /* a view of the bytes */
    const uint8_t *data;
    size_t size;
    bool little;
};

/* Returns false if the bytes are not a TIFF structure. */
bool tiff_open(const uint8_t *data, size_t size, struct tiff *out);

size_t tiff_first_directory(const struct tiff *tiff); /* an offset, which may be invalid */

/* Returns the offset of the four bytes that hold the tag's value, or point to it; 0 if the
 * directory at `directory` has no such tag, or there is no directory. */
size_t tiff_find(const struct tiff *tiff, size_t directory, enum tiff_tag tag);

/* Returns a number of 1 to 4 bytes at an offset that tiff_find returned. */
uint32_t tiff_number(const struct tiff *tiff, size_t at, int bytes);

/* Returns the bytes of a tag, and their number; NULL if there is no such tag. */
const uint8_t *tiff_bytes(const struct tiff *tiff, size_t directory, enum tiff_tag tag,
                          size_t *size);

/* Returns the text of a tag, with its terminating zero; "" if there is none. */
const char *tiff_text(const struct tiff *tiff, size_t directory, enum tiff_tag tag);
#endif

/* text_encoding.c - recognizes UTF-8, UTF-16 and Windows-1252. */
#include "base/unicode/text_encoding.h"

#include <stdlib.h>
#include <string.h>

#include "base/unicode/character.h"

enum { UTF8_MOST = 3 }; /* bytes of UTF-8 for one byte of Windows-1252, or two of UTF-16 */

/* The characters 0x80 to 0x9f of Windows-1252; 0: not assigned. */
static const uint16_t windows_1252[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

static size_t write_utf8(uint8_t *to, uint32_t code)
{
    if (code < 0x80) {
        to[0] = (uint8_t)code;
        return 1;
    }
    if (code < 0x800) {
        to[0] = (uint8_t)(0xc0 | code >> 6);
        to[1] = (uint8_t)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        to[0] = (uint8_t)(0xe0 | code >> 12);
        to[1] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
        to[2] = (uint8_t)(0x80 | (code & 0x3f));
        return 3;
    }
    to[0] = (uint8_t)(0xf0 | code >> 18);
    to[1] = (uint8_t)(0x80 | (code >> 12 & 0x3f));
    to[2] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
    to[3] = (uint8_t)(0x80 | (code & 0x3f));
    return 4;
}

static bool read_utf16(const uint8_t *at, size_t size, bool big_endian, struct blob *out,
                       struct error *err)
{
    size_t used = 0;

    for (size_t i = 0; i < size;) {
        uint32_t code, low = 0;

        if (size - i < 2) {
            return error_set(err, ERROR_INPUT, "it begins as UTF-16, but ends within a character");
        }
        code = big_endian ? (uint32_t)at[i] << 8 | at[i + 1] : (uint32_t)at[i + 1] << 8 | at[i];
        i += 2;
        if (code >= 0xd800 && code < 0xdc00 && size - i >= 2) {
            low = big_endian ? (uint32_t)at[i] << 8 | at[i + 1] : (uint32_t)at[i + 1] << 8 | at[i];
        }
        if (low >= 0xdc00 && low < 0xe000) {
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            i += 2;
        }
        if (code == 0 || (code >= 0xd800 && code < 0xe000)) {
            return error_set(err, ERROR_INPUT, "it begins as UTF-16, but is not valid text");
        }
        used += write_utf8(out->data + used, code);
    }
    out->size = used;
    return true;
}

static bool read_windows_1252(const uint8_t *at, size_t size, struct blob *out, struct error *err)
{
    size_t used = 0;

    for (size_t i = 0; i < size; i++) {
        uint32_t code = at[i] >= 0x80 && at[i] < 0xa0 ? windows_1252[at[i] - 0x80] : at[i];

        if (code == 0) {
            return error_set(err, ERROR_INPUT, "it is text in an encoding that is not recognized");
        }
        used += write_utf8(out->data + used, code);
    }
    out->size = used;
    return true;
}

/* The text must end with a zero byte. */
static bool is_utf8(const char *text)
{
    enum character_class class = CHARACTER_VISIBLE;

    while (*text && class != CHARACTER_INVALID) {
        text += character_read(text, &class, NULL);
    }
    return class != CHARACTER_INVALID;
}

static bool convert(const uint8_t *at, size_t size, struct blob *out, enum text_encoding *encoding,
                    struct error *err)
{
    bool mark = size >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0;

    if (size >= 2 && (memcmp(at, "\xff\xfe", 2) == 0 || memcmp(at, "\xfe\xff", 2) == 0)) {
        *encoding = ENCODING_UTF16;
        return read_utf16(at + 2, size - 2, at[0] == 0xfe, out, err);
    }
    if (size > 0 && memchr(at, 0, size)) {
        return error_set(err, ERROR_INPUT, "it contains zero bytes, so it is not a text file");
    }
    *encoding = ENCODING_UTF8;
    out->size = size - (mark ? 3 : 0);
    if (out->size > 0) {
        memcpy(out->data, at + (mark ? 3 : 0), out->size);
    }
    out->data[out->size] = '\0';
    if (is_utf8((const char *)out->data)) {
        return true;
    }
    if (mark) {
        return error_set(err, ERROR_INPUT, "it begins as UTF-8, but is not valid UTF-8");
    }
    *encoding = ENCODING_WINDOWS_1252;
    return read_windows_1252(at, size, out, err);
}

bool text_to_utf8(const void *data, size_t size, struct blob *out, enum text_encoding *encoding,
                  struct error *err)
{
    bool good;

    *out = (struct blob){ 0 };
    if (!blob_new(out, size * UTF8_MOST + 1, err)) {
        return false;
    }
    good = convert(data, size, out, encoding, err);
    if (good) {
        out->data[out->size] = '\0';
    } else {
        blob_free(out);
        error_hint(err, "Save it as UTF-8: in Excel \"CSV UTF-8 (Comma delimited)\".");
    }
    return good;
}

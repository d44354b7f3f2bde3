/* inspect_jpeg.c - walks a JPEG's markers up to its end. ITU T.81, annex B. */
#include "image/codec/inspect.h"

enum { SCANS_MAX = 100 }; /* a small file with thousands of scans takes seconds to decode */

static bool broken(struct error *err, const char *what)
{
    return error_set(err, ERROR_INPUT, "the JPEG is broken: %s", what);
}

static bool is_frame(uint8_t marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* Skips entropy-coded data up to the next marker. */
static size_t scan_end(const uint8_t *d, size_t at, size_t size)
{
    while (at + 1 < size &&
           (d[at] != 0xff || d[at + 1] == 0 || (d[at + 1] >= 0xd0 && d[at + 1] <= 0xd7))) {
        at++;
    }
    return at;
}

static bool read_segment(const uint8_t *segment, size_t length, uint8_t marker,
                         struct image_facts *out, struct error *err)
{
    if (is_frame(marker)) {
        if (length < 8 || out->width != 0) {
            return broken(err, "its header makes no sense");
        }
        out->height = segment[3] << 8 | segment[4];
        out->width = segment[5] << 8 | segment[6];
    }
    if ((marker == 0xe1 && bytes_contain(segment, length, "DigitalSourceType")) ||
        (marker == 0xeb && bytes_contain(segment, length, "jumb"))) {
        out->provenance = true;
    }
    return true;
}

bool inspect_jpeg(const struct blob *file, struct image_facts *out, struct error *err)
{
    const uint8_t *d = file->data;
    size_t at = 2, size = file->size;
    int scans = 0;

    for (;;) {
        size_t length;
        uint8_t marker;

        if (size - at < 2) {
            return broken(err, "it is cut off");
        }
        if (d[at] != 0xff) {
            return broken(err, "a marker is missing");
        }
        marker = d[at + 1];
        if (marker == 0xff) { /* a fill byte */
            at++;
            continue;
        }
        if (marker == 0xd9) {
            break;
        }
        length = size - at >= 4 ? (size_t)(d[at + 2] << 8 | d[at + 3]) : 0;
        if (length < 2 || length > size - at - 2) {
            return broken(err, "it is cut off");
        }
        if (!read_segment(d + at + 2, length, marker, out, err)) {
            return false;
        }
        at += 2 + length;
        if (marker == 0xda) {
            if (++scans > SCANS_MAX) {
                return broken(err, "it has too many scans");
            }
            at = scan_end(d, at, size);
        }
    }
    if (scans == 0 || out->width == 0) {
        return broken(err, "it holds no pixels");
    }
    return at + 2 == size || broken(err, "something follows its end");
}

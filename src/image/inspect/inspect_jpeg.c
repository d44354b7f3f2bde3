/* inspect_jpeg.c - walks a JPEG's markers up to its end. ITU T.81, annex B. */
#include <string.h>

#include "image/inspect/exif.h"
#include "image/inspect/inspect.h"

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

struct jpeg_frame { /* what the header says about coding */
    uint8_t marker;
    int components;
    int64_t blocks;    /* of the component with the most, 8 x 8 pixels each */
    int sample_bytes;  /* of all coefficients, per pixel of the image */
    bool is_separated; /* the first scan has not all components */
};

/* Reads the sampling factors of the components. Each is 1 to 4. */
static bool read_components(const uint8_t *segment, struct jpeg_frame *frame,
                            const struct image_facts *facts)
{
    int wide = 1, high = 1, samples = 0, most_wide = 1, most_high = 1;

    for (int i = 0; i < frame->components; i++) {
        int h = segment[9 + 3 * i] >> 4, v = segment[9 + 3 * i] & 15;

        if (h < 1 || h > 4 || v < 1 || v > 4) {
            return false;
        }
        wide = h > wide ? h : wide;
        high = v > high ? v : high;
        samples += h * v;
        if (h * v > most_wide * most_high) {
            most_wide = h;
            most_high = v;
        }
    }
    frame->blocks = (int64_t)((facts->width * most_wide / wide + 7) / 8) *
                    ((facts->height * most_high / high + 7) / 8);
    frame->sample_bytes = (2 * samples + wide * high - 1) / (wide * high);
    return true;
}

static bool read_frame(const uint8_t *segment, size_t length, struct jpeg_frame *frame,
                       struct image_facts *out)
{
    if (length < 8 || out->width != 0) {
        return false;
    }
    out->height = segment[3] << 8 | segment[4];
    out->width = segment[5] << 8 | segment[6];
    frame->components = segment[7];
    return frame->components >= 1 && length >= 8 + 3 * (size_t)frame->components &&
           read_components(segment, frame, out);
}

static bool read_segment(const uint8_t *segment, size_t length, uint8_t marker,
                         struct jpeg_frame *frame, struct image_facts *out, struct error *err)
{
    if (is_frame(marker)) {
        frame->marker = marker;
        if (!read_frame(segment, length, frame, out)) {
            return broken(err, "its header makes no sense");
        }
    }
    if (marker == 0xda && length >= 3 && segment[2] < frame->components) {
        frame->is_separated = true;
    }
    if (marker == 0xe1 && out->orientation == 0 && length > 8 &&
        memcmp(segment + 2, "Exif\0\0", 6) == 0) {
        out->orientation = exif_read(segment + 2, length - 2).orientation;
    }
    if (marker == 0xe2 && length > 14 && memcmp(segment + 2, "ICC_PROFILE", 12) == 0) {
        out->profile = true;
    }
    out->ai_mark = out->ai_mark || (marker == 0xe1 && xmp_says_ai(segment, length));
    out->c2pa = out->c2pa || (marker == 0xeb && bytes_contain(segment, length, "jumb"));
    return true;
}

/* A Huffman code has at least one bit. A block has one code in the first scan of a progressive
 * image, and two in a sequential one. */
static void set_needs(const struct jpeg_frame *frame, struct image_facts *out)
{
    bool is_arithmetic = frame->marker >= 0xc9, is_progressive = (frame->marker & 3) == 2;

    out->by_rows = true;
    out->cmyk = frame->components == 4;
    out->decoder_bytes = is_progressive || frame->is_separated ? frame->sample_bytes : 0;
    out->min_bytes = is_arithmetic ? (int64_t)out->width * out->height / SPARSE_PIXELS_PER_BYTE
                                   : frame->blocks * (is_progressive ? 1 : 2) / 8;
}

/* Moves to the next marker. Between the segments of a seller's photo anything may stand; elsewhere
 * only fill bytes. */
static bool find_marker(const struct blob *file, size_t *at, bool from_seller)
{
    const uint8_t *d = file->data;

    while (*at + 1 < file->size && (d[*at] != 0xff || d[*at + 1] == 0xff || d[*at + 1] == 0)) {
        if (!from_seller && (d[*at] != 0xff || d[*at + 1] == 0)) {
            return false;
        }
        (*at)++;
    }
    return true;
}

struct jpeg_walk {
    const struct blob *file;
    size_t at;
    int scans;
    struct jpeg_frame frame;
};

/* Reads the segment at walk->at, and the entropy-coded data that follows a scan's header. */
static bool walk_segment(struct jpeg_walk *walk, struct image_facts *out, struct error *err)
{
    const uint8_t *d = walk->file->data;
    size_t size = walk->file->size, at = walk->at;
    size_t length = size - at >= 4 ? (size_t)(d[at + 2] << 8 | d[at + 3]) : 0;

    if (length < 2 || length > size - at - 2) {
        return broken(err, "it is cut off");
    }
    if (!read_segment(d + at + 2, length, d[at + 1], &walk->frame, out, err)) {
        return false;
    }
    walk->at += 2 + length;
    if (d[at + 1] != 0xda) {
        return true;
    }
    walk->at = scan_end(d, walk->at, size);
    return ++walk->scans <= SCANS_MAX || broken(err, "it has too many scans");
}

bool inspect_jpeg(const struct blob *file, struct image_facts *out, struct error *err)
{
    struct jpeg_walk walk = { .file = file, .at = 2 };

    out->orientation = 0; /* the first EXIF segment counts */
    for (;;) {
        if (!find_marker(file, &walk.at, out->from_seller)) {
            return broken(err, "a marker is missing");
        }
        if (file->size - walk.at < 2) {
            return broken(err, "it is cut off");
        }
        if (file->data[walk.at + 1] == 0xd9) {
            break;
        }
        if (!walk_segment(&walk, out, err)) {
            return false;
        }
    }
    if (walk.scans == 0 || out->width == 0) {
        return broken(err, "it holds no pixels");
    }
    set_needs(&walk.frame, out);
    out->orientation = out->orientation ? out->orientation : 1;
    out->used_bytes = walk.at + 2;
    return true;
}

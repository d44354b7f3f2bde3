/* image.h - pixel buffers, decoding and encoding.
 *
 * All functions are called on pool threads: they keep no state, write no log and touch only
 * their arguments. */
#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H
#include "base/blob.h"
#include "base/error.h"

struct image {
    int width, height;
    int channels;    /* 3 = RGB, 4 = RGBA (straight alpha); 8 bit each, sRGB */
    uint8_t *pixels; /* rows from top to bottom, without padding; owned, freed by image_free */
};

enum image_format { FORMAT_UNKNOWN, FORMAT_PNG, FORMAT_JPEG, FORMAT_WEBP, FORMAT_GIF, FORMAT_BMP };

struct image_bounds {   /* limits that are checked before anything is allocated; 0 means the default
                         */
    size_t max_bytes;   /* size of the file; default 50 MB */
    int64_t max_pixels; /* default 40 megapixels; 100 for sellers' photos */
};

struct image_facts { /* what the file's structure declares, without decoding pixels */
    enum image_format format;
    int width, height;
    bool alpha;
    bool provenance; /* carries a provenance mark: C2PA (caBX, jumb) or an XMP packet */
};

bool image_new(int width, int height, int channels, struct image *out,
               struct error *err) MUST_CHECK; /* pixels are uninitialized */
void image_free(struct image *image);

/* Walks chunks or markers within the buffer: the file must be complete, with correct checksums,
 * nothing after its end, and dimensions within the bounds. Fails with ERROR_INPUT and a readable
 * reason. */
bool image_inspect(const struct blob *file, const struct image_bounds *bounds,
                   struct image_facts *out, struct error *err) MUST_CHECK;

/* Calls image_inspect, then decodes completely. Warnings of decoders are errors. Accepts PNG,
 * JPEG, WebP, and for sellers' photos GIF (first frame) and BMP. Applies the EXIF orientation of
 * JPEG. Converts 16-bit and palette PNG to 8-bit RGB(A). `facts` may be NULL. */
bool image_decode(const struct blob *file, const struct image_bounds *bounds, struct image *out,
                  struct image_facts *facts, struct error *err) MUST_CHECK;

/* Encodes the image. With ai_made, the file carries the IPTC digital source type in XMP. */
bool image_encode_png(const struct image *image, bool ai_made, struct blob *out,
                      struct error *err) MUST_CHECK;
bool image_encode_jpeg(const struct image *image, int quality, bool ai_made, struct blob *out,
                       struct error *err) MUST_CHECK;

/* Adds the same mark to a PNG, JPEG or WebP file without changing a pixel. `facts` is the result
 * of image_inspect. Fails with ERROR_INPUT if the file has its own XMP packet. */
bool image_mark(const struct blob *file, const struct image_facts *facts, struct blob *out,
                struct error *err) MUST_CHECK;

const char *format_content_type(enum image_format format); /* "image/png" */
const char *format_extension(enum image_format format);    /* "png" */
#endif

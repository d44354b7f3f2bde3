/* image.h - pixels, and the way from file to pixels and back.
 *
 * Everything here runs on pool threads: no state, no logging, nothing but its arguments. */
#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H
#include "base/blob.h"
#include "base/error.h"

struct image {
    int width, height;
    int channels;    /* 3 = RGB, 4 = RGBA (straight alpha); 8 bit each, sRGB */
    uint8_t *pixels; /* rows from the top, without padding; owned: image_free */
};

enum image_format { FORMAT_UNKNOWN, FORMAT_PNG, FORMAT_JPEG, FORMAT_WEBP, FORMAT_GIF, FORMAT_BMP };

struct image_bounds {   /* held before anything is allocated; 0 = the default */
    size_t max_bytes;   /* of the file; default 50 MB */
    int64_t max_pixels; /* default 40 megapixels; photos of sellers: 100 */
};

struct image_facts { /* what the file's own structure says, no pixel decoded */
    enum image_format format;
    int width, height;
    bool alpha;
    bool provenance; /* carries a mark of its origin: C2PA (caBX, jumb) or an XMP packet with it */
};

bool image_new(int width, int height, int channels, struct image *out,
               struct error *err) MUST_CHECK; /* pixels undefined */
void image_free(struct image *image);

/* Walks chunks or markers against the buffer's length: complete, checksums right, nothing after
 * the end, dimensions within bounds. ERROR_INPUT with a readable reason. */
bool image_inspect(const struct blob *file, const struct image_bounds *bounds,
                   struct image_facts *out, struct error *err) MUST_CHECK;

/* image_inspect, then decodes in full; warnings of decoders are errors. PNG, JPEG, WebP; GIF
 * (first frame) and BMP for sellers' photos. JPEG EXIF orientation is applied. 16-bit and palette
 * PNG become 8-bit RGB(A). `facts` may be NULL. */
bool image_decode(const struct blob *file, const struct image_bounds *bounds, struct image *out,
                  struct image_facts *facts, struct error *err) MUST_CHECK;

/* Writes a file that carries the AI-made mark (IPTC DigitalSourceType in XMP) when ai_made. */
bool image_encode_png(const struct image *image, bool ai_made, struct blob *out,
                      struct error *err) MUST_CHECK;
bool image_encode_jpeg(const struct image *image, int quality, bool ai_made, struct blob *out,
                       struct error *err) MUST_CHECK;

/* Puts the same mark into a PNG, JPEG or WebP that came without one; not a pixel changes. `facts`
 * are what image_inspect said of the file. ERROR_INPUT where it has an XMP packet of its own. */
bool image_mark(const struct blob *file, const struct image_facts *facts, struct blob *out,
                struct error *err) MUST_CHECK;

const char *format_content_type(enum image_format format); /* "image/png" */
const char *format_extension(enum image_format format);    /* "png" */
#endif

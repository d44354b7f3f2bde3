/* decode.h - one decoder per format. image_inspect has already checked structure and limits. */
#ifndef IMAGE_CODEC_DECODE_H
#define IMAGE_CODEC_DECODE_H
#include "image/decode_plan.h"

/* Where a decoder writes to, and at which size. NULL: full size, memory from malloc. */
struct decode_target {
    int reduce;      /* divides both sides: 1, 2, 4 or 8; more than 1 only if facts->by_rows */
    uint8_t *buffer; /* NULL = memory from malloc */
    size_t capacity; /* bytes of the buffer */
};

int target_reduce(const struct decode_target *target); /* 1 if target is NULL */

/* Creates the image of a target of the facts' size, reduced. Needs `extra` bytes after the pixels.
 * Fails with ERROR_INTERNAL if the buffer is too small. */
bool target_image(const struct decode_target *target, int width, int height, int channels,
                  size_t extra, struct image *out, struct error *err) MUST_CHECK;

typedef bool (*decode_fn)(const struct blob *file, const struct image_facts *facts,
                          const struct decode_target *target, struct image *out, struct error *err);

bool decode_png(const struct blob *file, const struct image_facts *facts,
                const struct decode_target *target, struct image *out,
                struct error *err) MUST_CHECK;

/* decode_png calls one of two decoders, which give identical pixels. png_is_plain selects: it
 * returns false for anything unusual, which libpng then handles. Only decode_png_any reduces. */
bool png_is_plain(const struct blob *file); /* requires a successful image_inspect */
bool decode_png_plain(const struct blob *file, const struct image_facts *facts,
                      const struct decode_target *target, struct image *out,
                      struct error *err) MUST_CHECK;
bool decode_png_any(const struct blob *file, const struct image_facts *facts,
                    const struct decode_target *target, struct image *out,
                    struct error *err) MUST_CHECK;

bool decode_jpeg(const struct blob *file, const struct image_facts *facts,
                 const struct decode_target *target, struct image *out,
                 struct error *err) MUST_CHECK;
bool decode_webp(const struct blob *file, const struct image_facts *facts,
                 const struct decode_target *target, struct image *out,
                 struct error *err) MUST_CHECK;
bool decode_heif(const struct blob *file, const struct image_facts *facts,
                 const struct decode_target *target, struct image *out,
                 struct error *err) MUST_CHECK;
bool decode_tiff(const struct blob *file, const struct image_facts *facts,
                 const struct decode_target *target, struct image *out,
                 struct error *err) MUST_CHECK;
bool decode_stb(const struct blob *file, const struct image_facts *facts,
                const struct decode_target *target, struct image *out,
                struct error *err) MUST_CHECK; /* GIF, BMP */
#endif

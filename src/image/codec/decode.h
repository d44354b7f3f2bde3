/* decode.h - decoders, one a format; the structure was walked and bounded before. */
#ifndef IMAGE_CODEC_DECODE_H
#define IMAGE_CODEC_DECODE_H
#include "image/image.h"

bool decode_png(const struct blob *file, const struct image_facts *facts, struct image *out,
                struct error *err) MUST_CHECK;

/* decode_png is one of these two. They agree on every pixel; which one goes is png_is_plain's
 * word: false sends whatever is not quite ordinary to libpng, which judges it. */
bool png_is_plain(const struct blob *file); /* image_inspect was content with it */
bool decode_png_plain(const struct blob *file, const struct image_facts *facts, struct image *out,
                      struct error *err) MUST_CHECK;
bool decode_png_any(const struct blob *file, const struct image_facts *facts, struct image *out,
                    struct error *err) MUST_CHECK;

bool decode_jpeg(const struct blob *file, const struct image_facts *facts, struct image *out,
                 struct error *err) MUST_CHECK;
bool decode_webp(const struct blob *file, const struct image_facts *facts, struct image *out,
                 struct error *err) MUST_CHECK;
bool decode_odd(const struct blob *file, const struct image_facts *facts, struct image *out,
                struct error *err) MUST_CHECK; /* GIF, BMP */
#endif

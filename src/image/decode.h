/* decode.h - decoders, one a format; the structure was walked and bounded before. */
#ifndef IMAGE_DECODE_H
#define IMAGE_DECODE_H
#include "image/image.h"

bool decode_png(const struct blob *file, const struct image_facts *facts, struct image *out,
                struct error *err) MUST_CHECK;
bool decode_jpeg(const struct blob *file, const struct image_facts *facts, struct image *out,
                 struct error *err) MUST_CHECK;
bool decode_webp(const struct blob *file, const struct image_facts *facts, struct image *out,
                 struct error *err) MUST_CHECK;
bool decode_odd(const struct blob *file, const struct image_facts *facts, struct image *out,
                struct error *err) MUST_CHECK; /* GIF, BMP */
#endif

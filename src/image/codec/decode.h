/* decode.h - one decoder per format. image_inspect has already checked structure and limits. */
#ifndef IMAGE_CODEC_DECODE_H
#define IMAGE_CODEC_DECODE_H
#include "image/image.h"

bool decode_png(const struct blob *file, const struct image_facts *facts, struct image *out,
                struct error *err) MUST_CHECK;

/* decode_png calls one of two decoders, which give identical pixels. png_is_plain selects: it
 * returns false for anything unusual, which libpng then handles. */
bool png_is_plain(const struct blob *file); /* requires a successful image_inspect */
bool decode_png_plain(const struct blob *file, const struct image_facts *facts, struct image *out,
                      struct error *err) MUST_CHECK;
bool decode_png_any(const struct blob *file, const struct image_facts *facts, struct image *out,
                    struct error *err) MUST_CHECK;

bool decode_jpeg(const struct blob *file, const struct image_facts *facts, struct image *out,
                 struct error *err) MUST_CHECK;
bool decode_stb(const struct blob *file, const struct image_facts *facts, struct image *out,
                struct error *err) MUST_CHECK; /* GIF, BMP */
#endif

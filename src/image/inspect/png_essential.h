/* png_essential.h - the chunks of a PNG that its pixels depend on. */
#ifndef IMAGE_INSPECT_PNG_ESSENTIAL_H
#define IMAGE_INSPECT_PNG_ESSENTIAL_H
#include "base/blob.h"

/* `type` has four bytes. */
bool png_is_essential(const uint8_t *type);

/* Copies a PNG without its metadata: header, palette, transparency, and all pixel data in one
 * chunk. The file must have passed image_inspect. What is wrong in metadata, a decoder then never
 * sees. */
bool png_keep_essential(const struct blob *file, struct blob *out, struct error *err) MUST_CHECK;
#endif

/* inspect.h - parsers of file structure, one per format. Each checks within the buffer that the
 * file is complete, and fills *out. Before the call out->from_seller is set, out->orientation is 1,
 * and out->used_bytes is the size of the file; a parser that finds an earlier end lowers it. */
#ifndef IMAGE_INSPECT_INSPECT_H
#define IMAGE_INSPECT_INSPECT_H
#include <string.h>

#include "image/image.h"

/* Lossless WebP and arithmetic coding have no limit to what a byte stands for. No photo has more
 * pixels per byte than this, which is what an image of one colour has after deflate. */
enum { SPARSE_PIXELS_PER_BYTE = 4096 };

bool inspect_png(const struct blob *file, struct image_facts *out, struct error *err) MUST_CHECK;
bool inspect_jpeg(const struct blob *file, struct image_facts *out, struct error *err) MUST_CHECK;
bool inspect_webp(const struct blob *file, struct image_facts *out, struct error *err) MUST_CHECK;

bool inspect_tiff(const struct blob *file, struct image_facts *out, struct error *err) MUST_CHECK;
/* HEIC, HEIF and AVIF. */
bool inspect_heif(const struct blob *file, struct image_facts *out, struct error *err) MUST_CHECK;
/* Returns true if the file's main brand is one of `brands`, which ends with NULL. */
bool heif_is_brand(const struct blob *file, const char *const *brands);

static inline bool bytes_contain(const uint8_t *data, size_t size, const char *word)
{
    return memmem(data, size, word, strlen(word)) != NULL;
}

/* Returns true if an XMP packet has an IPTC digital source type of generative AI:
 * trainedAlgorithmicMedia, or compositeWithTrainedAlgorithmicMedia. */
static inline bool xmp_says_ai(const uint8_t *data, size_t size)
{
    return bytes_contain(data, size, "DigitalSourceType") &&
           bytes_contain(data, size, "rainedAlgorithmicMedia");
}
#endif

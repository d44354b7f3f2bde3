/* webp_parts.h - finds the parts of a WebP file. WebP container specification. */
#ifndef IMAGE_INSPECT_WEBP_PARTS_H
#define IMAGE_INSPECT_WEBP_PARTS_H
#include "base/blob.h"

struct webp_parts {                    /* views of the file; empty: the file has no such part */
    struct blob header, profile, exif; /* bodies of chunks */
    struct blob frame;                 /* header of the first frame of an animation */
    struct blob alpha, image;          /* whole chunks: of the still picture, or of that frame */
    bool lossless;                     /* of the image */
    bool complete; /* all chunks are within the file; without it, those after the image are not */
};

/* Reads the chunks in the first `end` bytes of a file, which begins with RIFF and WEBP. Fails if it
 * holds no complete image. */
bool webp_find_parts(const struct blob *file, size_t end, struct webp_parts *out);

/* Writes a file of the image alone, with its alpha: the still picture, or the first frame. `width`
 * and `height` are those of the image. */
bool webp_keep_image(const struct webp_parts *parts, int width, int height, struct blob *out,
                     struct error *err) MUST_CHECK;
#endif

/* encode_jpeg.h - writes JPEG with libjpeg. */
#ifndef IMAGE_CODEC_JPEG_ENCODE_JPEG_H
#define IMAGE_CODEC_JPEG_ENCODE_JPEG_H
#include <stdio.h>

#include <jpeglib.h>

#include "image/image.h"

struct jpeg_form {
    int quality;  /* 1 to 100 */
    bool ai_made; /* add the mark of AI-generated images */
    bool rgb;     /* three components as they are, not brightness and colour differences */
};

bool jpeg_encode(const struct image *image, const struct jpeg_form *form, struct blob *out,
                 struct error *err) MUST_CHECK;
/* Writes the mark and the colour profile, after the start of the file. */
void jpeg_write_marks(struct jpeg_compress_struct *jpeg, bool ai_made, const struct blob *profile);
#endif

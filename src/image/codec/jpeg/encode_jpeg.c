/* encode_jpeg.c - encodes JPEG, with the profile of sRGB and the mark of AI-generated images. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include "base/memory.h"
#include "image/codec/jpeg/encode_jpeg.h"
#include "image/codec/xmp.h"
#include "image/colour/srgb_profile.h"

struct jpeg_sink {
    struct jpeg_error_mgr manager; /* first member: libjpeg passes this pointer back */
    jmp_buf on_failure;
    unsigned char *data;
    unsigned long size;
};

static void jpeg_failed(j_common_ptr jpeg)
{
    longjmp(((struct jpeg_sink *)jpeg->err)->on_failure, 1);
}

void jpeg_write_marks(struct jpeg_compress_struct *jpeg, bool ai_made, const struct blob *profile)
{
    uint8_t mark[XMP_ROOM];

    if (ai_made) { /* libjpeg writes the segment's marker and length itself */
        unsigned size = (unsigned)xmp_jpeg_segment(mark);

        jpeg_write_marker(jpeg, JPEG_APP0 + 1, mark + 4, size - 4);
    }
    jpeg_write_icc_profile(jpeg, profile->data, (unsigned)profile->size);
}

static void write_jpeg(struct jpeg_compress_struct *jpeg, struct jpeg_sink *sink,
                       const struct image *image, const struct jpeg_form *form,
                       const struct blob *profile)
{
    jpeg_mem_dest(jpeg, &sink->data, &sink->size);
    jpeg->image_width = (JDIMENSION)image->width;
    jpeg->image_height = (JDIMENSION)image->height;
    jpeg->input_components = 3;
    jpeg->in_color_space = JCS_RGB;
    jpeg_set_defaults(jpeg);
    if (form->rgb) {
        jpeg_set_colorspace(jpeg, JCS_RGB);
    }
    jpeg_set_quality(jpeg, form->quality, TRUE);
    jpeg_start_compress(jpeg, TRUE);
    jpeg_write_marks(jpeg, form->ai_made, profile);
    while (jpeg->next_scanline < jpeg->image_height) {
        JSAMPROW row = image->pixels + (size_t)jpeg->next_scanline * (size_t)image->width * 3;

        jpeg_write_scanlines(jpeg, &row, 1);
    }
    jpeg_finish_compress(jpeg);
}

bool jpeg_encode(const struct image *image, const struct jpeg_form *form, struct blob *out,
                 struct error *err)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_sink *sink = xcalloc(1, sizeof *sink);
    volatile bool good = false;
    const struct blob *profile;

    if (image->channels != 3) {
        free(sink);
        return error_set(err, ERROR_INTERNAL, "a JPEG has three channels");
    }
    if (!srgb_profile(&profile, err)) {
        free(sink);
        return false;
    }
    jpeg.err = jpeg_std_error(&sink->manager);
    sink->manager.error_exit = jpeg_failed;
    if (setjmp(sink->on_failure) == 0) {
        jpeg_create_compress(&jpeg);
        write_jpeg(&jpeg, sink, image, form, profile);
        good = true;
    }
    jpeg_destroy_compress(&jpeg);
    if (good) {
        *out = blob_from_malloc(sink->data, sink->size);
    } else {
        free(sink->data);
    }
    free(sink);
    return good || error_set(err, ERROR_INTERNAL, "cannot write a JPEG");
}

bool image_encode_jpeg(const struct image *image, int quality, bool ai_made, struct blob *out,
                       struct error *err)
{
    const struct jpeg_form form = { .quality = quality, .ai_made = ai_made };

    return jpeg_encode(image, &form, out, err);
}

/* photo_files.h - JPEG and PNG files with the metadata that cameras and editors write. */
#ifndef TESTS_LIB_PHOTO_FILES_H
#define TESTS_LIB_PHOTO_FILES_H
#include "lib/test_images.h"

#include <stdio.h>

#include <jpeglib.h>

static inline struct blob photo_copy(const struct blob *file)
{
    struct blob copy = { 0 };

    put(&copy, file->data, file->size);
    return copy;
}

/* Replaces *file by the same with `size` bytes inserted at `at`. */
static inline void photo_insert(struct blob *file, size_t at, const void *data, size_t size)
{
    struct blob changed = { 0 };

    put(&changed, file->data, at);
    put(&changed, data, size);
    put(&changed, file->data + at, file->size - at);
    blob_free(file);
    *file = changed;
}

/* A TIFF structure with an orientation. */
static inline struct blob photo_exif(int orientation)
{
    char tiff[] = "MM\x00\x2a\x00\x00\x00\x08"
                  "\x00\x01"
                  "\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00"
                  "\x00\x00\x00\x00";
    struct blob exif = { 0 };

    tiff[19] = (char)orientation;
    put(&exif, tiff, sizeof tiff - 1);
    return exif;
}

/* -- JPEG -- */

/* `pixels` has 3 bytes per pixel, or 4 for CMYK and YCCK, or 1 for grey. */
static inline struct blob photo_jpeg_of(const uint8_t *pixels, int width, int height,
                                        J_COLOR_SPACE in, J_COLOR_SPACE stored)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr manager;
    unsigned char *data = NULL;
    unsigned long size = 0;
    struct blob file = { 0 };

    jpeg.err = jpeg_std_error(&manager);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &data, &size);
    jpeg.image_width = (JDIMENSION)width;
    jpeg.image_height = (JDIMENSION)height;
    jpeg.input_components = in == JCS_CMYK ? 4 : in == JCS_GRAYSCALE ? 1 : 3;
    jpeg.in_color_space = in;
    jpeg_set_defaults(&jpeg);
    jpeg_set_colorspace(&jpeg, stored);
    jpeg_set_quality(&jpeg, 100, TRUE);
    jpeg.comp_info[0].h_samp_factor = jpeg.comp_info[0].v_samp_factor = 1;
    if (stored == JCS_YCCK) {
        jpeg.comp_info[3].h_samp_factor = jpeg.comp_info[3].v_samp_factor = 1;
    }
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < (JDIMENSION)height) {
        JSAMPROW row = (JSAMPROW)(uintptr_t)(pixels + (size_t)jpeg.next_scanline * (size_t)width *
                                                          (size_t)jpeg.input_components);

        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    put(&file, data, size);
    free(data);
    return file;
}

static inline struct blob photo_jpeg(const struct image *image)
{
    return photo_jpeg_of(image->pixels, image->width, image->height, JCS_RGB, JCS_YCbCr);
}

/* Inserts a segment after the start of the file. */
static inline void photo_add_segment(struct blob *jpeg, uint8_t marker, const void *body,
                                     size_t size)
{
    struct blob segment = { 0 };
    uint8_t head[4] = { 0xff, marker, (uint8_t)((size + 2) >> 8), (uint8_t)(size + 2) };

    put(&segment, head, 4);
    put(&segment, body, size);
    photo_insert(jpeg, 2, segment.data, segment.size);
    blob_free(&segment);
}

/* -- PNG -- */

enum { PNG_AFTER_HEADER = 33 };

/* Inserts a chunk after the header. */
static inline void photo_add_chunk(struct blob *png, const char *type, const void *body,
                                   size_t size)
{
    struct blob chunk = { 0 };

    png_chunk(&chunk, type, body, size);
    photo_insert(png, PNG_AFTER_HEADER, chunk.data, chunk.size);
    blob_free(&chunk);
}

#endif

/* bombs.h - small files that declare many pixels: some cannot hold them, some can. */
#ifndef TESTS_LIB_BOMBS_H
#define TESTS_LIB_BOMBS_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

#include "base/blob.h"

static inline void bomb_add(struct blob *file, const void *data, size_t size)
{
    uint8_t *grown = realloc(file->data, file->size + size + 1);

    if (!grown) {
        abort();
    }
    memcpy(grown + file->size, data, size);
    *file = blob_from_malloc(grown, file->size + size);
}

static inline void bomb_le32(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        to[i] = (uint8_t)(value >> 8 * i);
    }
}

/* A BMP that is only a header, 54 bytes. */
static inline struct blob bomb_bmp(uint32_t width, uint32_t height, uint16_t bits)
{
    uint8_t d[54] = "BM";
    struct blob file = { 0 };

    bomb_le32(d + 2, 54);
    bomb_le32(d + 10, 54);
    bomb_le32(d + 14, 40);
    bomb_le32(d + 18, width);
    bomb_le32(d + 22, height);
    d[26] = 1;
    d[28] = (uint8_t)bits;
    bomb_add(&file, d, sizeof d);
    return file;
}

/* A GIF of 35 bytes: a screen of any size, and a frame of one pixel. */
static inline struct blob bomb_gif(uint16_t width, uint16_t height)
{
    uint8_t d[] = "GIF89a\0\0\0\0\x80\0\0\xff\0\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0"
                  "\x3b";
    struct blob file = { 0 };

    bomb_le32(d + 6, (uint32_t)height << 16 | width);
    bomb_add(&file, d, sizeof d - 1);
    return file;
}

/* A lossless WebP of 38 bytes, whose codes take no bits: it can hold any size. */
static inline struct blob bomb_webp(uint32_t width, uint32_t height)
{
    uint8_t d[38] = "RIFF\x1e\0\0\0WEBPVP8L\x12\0\0\0\x2f";
    uint32_t bits = (width - 1) | (height - 1) << 14;
    struct blob file = { 0 };

    bomb_le32(d + 21, bits);
    memcpy(d + 25, "\x10\x88\x88\x08\x08\0\0\0\0\0\0\0\0", 13);
    bomb_add(&file, d, sizeof d);
    return file;
}

/* A grey JPEG of one colour. With `declared` 0 it is complete; else its header declares that many
 * pixels per side, and it is some hundred bytes long. */
static inline struct blob bomb_jpeg(unsigned side, uint16_t declared, bool progressive)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr manager;
    unsigned char *data = NULL;
    unsigned long size = 0;
    struct blob file = { 0 };
    uint8_t *row = malloc(side);

    if (!row) {
        abort();
    }
    memset(row, 200, side);
    jpeg.err = jpeg_std_error(&manager);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &data, &size);
    jpeg.image_width = jpeg.image_height = side;
    jpeg.input_components = 1;
    jpeg.in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(&jpeg);
    jpeg.optimize_coding = TRUE;
    if (progressive) {
        jpeg_simple_progression(&jpeg);
    }
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < side) {
        JSAMPROW line = row;

        jpeg_write_scanlines(&jpeg, &line, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    free(row);
    for (size_t at = 2; declared > 0 && at + 9 < size; at++) {
        if (data[at] == 0xff && (data[at + 1] == 0xc0 || data[at + 1] == 0xc2)) {
            data[at + 5] = data[at + 7] = (uint8_t)(declared >> 8);
            data[at + 6] = data[at + 8] = (uint8_t)declared;
            break;
        }
    }
    bomb_add(&file, data, size);
    free(data);
    return file;
}

static inline void bomb_png_write(png_structp png, png_bytep data, size_t size)
{
    bomb_add(png_get_io_ptr(png), data, size);
}

static inline void bomb_png_flush(png_structp png)
{
    (void)png;
}

/* A complete black RGB PNG, as small as deflate allows. */
static inline struct blob bomb_png(uint32_t width, uint32_t height, bool interlaced)
{
    struct blob file = { 0 };
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    uint8_t *row = calloc(width, 3);
    int passes;

    if (!info || !row || setjmp(png_jmpbuf(png))) {
        abort();
    }
    png_set_write_fn(png, &file, bomb_png_write, bomb_png_flush);
    png_set_compression_level(png, 9);
    png_set_filter(png, 0, PNG_FILTER_NONE);
    png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_RGB,
                 interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_BASE,
                 PNG_FILTER_TYPE_BASE);
    png_write_info(png, info);
    passes = png_set_interlace_handling(png);
    for (int pass = 0; pass < passes; pass++) {
        for (uint32_t y = 0; y < height; y++) {
            png_write_row(png, row);
        }
    }
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    free(row);
    return file;
}
#endif

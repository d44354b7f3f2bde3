/* encode.c - from pixels to PNG or JPEG, with the AI-made mark. */
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <zlib.h>

#include "image/image.h"
#include "image/xmp.h"

const char xmp_ai_made[] =
    "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>"
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
    "<rdf:Description rdf:about=\"\" "
    "xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\""
    " Iptc4xmpExt:DigitalSourceType="
    "\"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia\"/>"
    "</rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>";

struct sink {
    uint8_t *data;
    size_t size, room;
    jmp_buf away;
};

static void png_failed(png_structp png, png_const_charp message)
{
    struct sink *sink = png_get_error_ptr(png);

    (void)message;
    longjmp(sink->away, 1);
}

static void on_write(png_structp png, png_bytep data, size_t size)
{
    struct sink *sink = png_get_io_ptr(png);

    if (sink->size + size > sink->room) {
        size_t room = (sink->room ? sink->room * 2 : 1u << 20) + size;
        uint8_t *more = realloc(sink->data, room);

        if (!more) {
            png_error(png, "no memory");
        }
        sink->data = more;
        sink->room = room;
    }
    memcpy(sink->data + sink->size, data, size);
    sink->size += size;
}

static void on_flush(png_structp png)
{
    (void)png;
}

static void write_mark(png_structp png, png_infop info)
{
    png_text text = { .compression = PNG_ITXT_COMPRESSION_NONE,
                      .key = (char *)"XML:com.adobe.xmp",
                      .text = (char *)xmp_ai_made,
                      .lang = (char *)"",
                      .lang_key = (char *)"" };

    png_set_text(png, info, &text, 1);
}

bool image_encode_png(const struct image *image, bool ai_made, struct blob *out, struct error *err)
{
    struct sink *sink = calloc(1, sizeof *sink);
    size_t stride = (size_t)image->width * (size_t)image->channels;
    png_structp png = NULL;
    png_infop info = NULL;
    volatile bool good = false;

    png = sink ? png_create_write_struct(PNG_LIBPNG_VER_STRING, sink, png_failed, NULL) : NULL;
    info = png ? png_create_info_struct(png) : NULL;
    if (info && setjmp(sink->away) == 0) {
        png_set_write_fn(png, sink, on_write, on_flush);
        /* runs only: half the time of searching for matches, and filtered rows have few others */
        png_set_compression_strategy(png, Z_RLE);
        png_set_compression_level(png, 6);
        png_set_filter(png, 0, PNG_FILTER_SUB | PNG_FILTER_UP | PNG_FILTER_PAETH);
        png_set_IHDR(png, info, (png_uint_32)image->width, (png_uint_32)image->height, 8,
                     image->channels == 4 ? PNG_COLOR_TYPE_RGBA : PNG_COLOR_TYPE_RGB,
                     PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
        if (ai_made) {
            write_mark(png, info);
        }
        png_write_info(png, info);
        for (int y = 0; y < image->height; y++) {
            png_write_row(png, image->pixels + (size_t)y * stride);
        }
        png_write_end(png, info);
        good = true;
    }
    png_destroy_write_struct(&png, &info);
    if (good) {
        *out = blob_take(sink->data, sink->size);
    } else if (sink) {
        free(sink->data);
    }
    free(sink);
    return good || error_set(err, ERROR_INTERNAL, "no memory to write a PNG");
}

struct jpeg_sink {
    struct jpeg_error_mgr manager; /* first: libjpeg hands this pointer back */
    jmp_buf away;
    unsigned char *data;
    unsigned long size;
};

static void jpeg_failed(j_common_ptr jpeg)
{
    longjmp(((struct jpeg_sink *)jpeg->err)->away, 1);
}

static void write_jpeg(struct jpeg_compress_struct *jpeg, struct jpeg_sink *sink,
                       const struct image *image, int quality, bool ai_made)
{
    static const char name[] = "http://ns.adobe.com/xap/1.0/";
    uint8_t mark[2048];
    size_t size = sizeof name + strlen(xmp_ai_made);

    jpeg_mem_dest(jpeg, &sink->data, &sink->size);
    jpeg->image_width = (JDIMENSION)image->width;
    jpeg->image_height = (JDIMENSION)image->height;
    jpeg->input_components = 3;
    jpeg->in_color_space = JCS_RGB;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, quality, TRUE);
    jpeg_start_compress(jpeg, TRUE);
    if (ai_made && size <= sizeof mark) {
        memcpy(mark, name, sizeof name); /* with its zero byte */
        memcpy(mark + sizeof name, xmp_ai_made, strlen(xmp_ai_made));
        jpeg_write_marker(jpeg, JPEG_APP0 + 1, mark, (unsigned)size);
    }
    while (jpeg->next_scanline < jpeg->image_height) {
        JSAMPROW row = image->pixels + (size_t)jpeg->next_scanline * (size_t)image->width * 3;

        jpeg_write_scanlines(jpeg, &row, 1);
    }
    jpeg_finish_compress(jpeg);
}

bool image_encode_jpeg(const struct image *image, int quality, bool ai_made, struct blob *out,
                       struct error *err)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_sink *sink = calloc(1, sizeof *sink);
    volatile bool good = false;

    if (!sink || image->channels != 3) {
        free(sink);
        return error_set(err, ERROR_INTERNAL, "a JPEG has three channels");
    }
    jpeg.err = jpeg_std_error(&sink->manager);
    sink->manager.error_exit = jpeg_failed;
    if (setjmp(sink->away) == 0) {
        jpeg_create_compress(&jpeg);
        write_jpeg(&jpeg, sink, image, quality, ai_made);
        good = true;
    }
    jpeg_destroy_compress(&jpeg);
    if (good) {
        *out = blob_take(sink->data, sink->size);
    } else {
        free(sink->data);
    }
    free(sink);
    return good || error_set(err, ERROR_INTERNAL, "cannot write a JPEG");
}

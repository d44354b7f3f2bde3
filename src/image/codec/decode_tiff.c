/* decode_tiff.c - the first picture of a TIFF file, with libtiff, which is loaded at run time: it
 * brings decoders of many compressions. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <tiffio.h>

#include "image/codec/decode.h"
#include "image/codec/decode_libraries.h"
#include "image/colour/cmyk.h"

static struct {
#define TIFF_FUNCTION(name) __typeof__ (&(name))(name);
#include "image/codec/tiff_functions.inc"
#undef TIFF_FUNCTION
} functions;
static bool loaded;
static pthread_once_t load_once = PTHREAD_ONCE_INIT;

static bool resolve(void *library, const char *name, void *to)
{
    void *found = dlsym(library, name);

    memcpy(to, &found, sizeof found);
    return found != NULL;
}

static void load(void)
{
    void *library = dlopen("libtiff.so.6", RTLD_NOW | RTLD_LOCAL);

    library = library ? library : dlopen("libtiff.so.5", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        return;
    }
    loaded = true;
#define TIFF_FUNCTION(name) loaded = resolve(library, #name, &functions.name) && loaded;
#include "image/codec/tiff_functions.inc"
#undef TIFF_FUNCTION
    if (loaded) {
        functions.TIFFSetErrorHandler(NULL);
        functions.TIFFSetWarningHandler(NULL);
    }
}

bool tiff_library_load(void)
{
    pthread_once(&load_once, load);
    return loaded;
}

/* -- the file as libtiff reads it -------------------------------------------------------------- */

struct tiff_source {
    const struct blob *file;
    uint64_t at;
};

static tmsize_t read_bytes(thandle_t handle, void *to, tmsize_t size)
{
    struct tiff_source *source = handle;
    size_t left = source->at < source->file->size ? source->file->size - (size_t)source->at : 0;
    size_t now = (size_t)size < left ? (size_t)size : left;

    memcpy(to, source->file->data + source->at, now);
    source->at += now;
    return (tmsize_t)now;
}

static tmsize_t write_bytes(thandle_t handle, void *from, tmsize_t size)
{
    (void)handle;
    (void)from;
    (void)size;
    return 0;
}

static toff_t seek_to(thandle_t handle, toff_t offset, int whence)
{
    struct tiff_source *source = handle;

    source->at = whence == SEEK_SET   ? offset
                 : whence == SEEK_CUR ? source->at + offset
                                      : source->file->size + offset;
    source->at = source->at <= source->file->size ? source->at : source->file->size;
    return source->at;
}

static int close_file(thandle_t handle)
{
    (void)handle;
    return 0;
}

static toff_t size_of(thandle_t handle)
{
    return ((struct tiff_source *)handle)->file->size;
}

static int map_file(thandle_t handle, void **base, toff_t *size)
{
    const struct blob *file = ((struct tiff_source *)handle)->file;

    *base = file->data;
    *size = file->size;
    return 1;
}

static void unmap_file(thandle_t handle, void *base, toff_t size)
{
    (void)handle;
    (void)base;
    (void)size;
}

/* -- pixels ------------------------------------------------------------------------------------ */

static bool broken(struct error *err, const char *what)
{
    return error_set(err, ERROR_INPUT, "the TIFF cannot be read: %s", what);
}

/* Undoes the multiplication by alpha. */
static uint8_t straight(uint32_t value, uint32_t alpha)
{
    return (uint8_t)(alpha == 0                  ? 0
                     : value * 255 / alpha < 255 ? (value * 255 + alpha / 2) / alpha
                                                 : 255);
}

static void copy_raster(const uint32_t *raster, struct image *out)
{
    size_t count = (size_t)out->width * (size_t)out->height;
    uint8_t *to = out->pixels;

    for (size_t i = 0; i < count; i++, to += out->channels) {
        uint32_t alpha = out->channels == 4 ? TIFFGetA(raster[i]) : 255;

        to[0] = straight(TIFFGetR(raster[i]), alpha);
        to[1] = straight(TIFFGetG(raster[i]), alpha);
        to[2] = straight(TIFFGetB(raster[i]), alpha);
        if (out->channels == 4) {
            to[3] = (uint8_t)alpha;
        }
    }
}

/* The pixels are read as they are stored; the caller turns them. */
static bool read_rgba(TIFF *tiff, struct image *out, struct error *err)
{
    size_t count = (size_t)out->width * (size_t)out->height;
    uint32_t *raster = malloc(count * sizeof *raster);
    bool good;

    if (!raster) {
        return error_set(err, ERROR_INTERNAL, "no memory to decode a TIFF");
    }
    functions.TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    good = functions.TIFFReadRGBAImageOriented(tiff, (uint32_t)out->width, (uint32_t)out->height,
                                               raster, ORIENTATION_TOPLEFT, 1) == 1;
    if (good) {
        copy_raster(raster, out);
    }
    free(raster);
    return good || broken(err, "its pixels are damaged or of a rare kind");
}

static bool read_inks(TIFF *tiff, const struct blob *file, const struct image_facts *facts,
                      struct image *out, struct error *err)
{
    uint16_t bits = 0, samples = 0, planes = 0;
    size_t width = (size_t)out->width;
    struct cmyk *cmyk;
    uint8_t *row;
    bool good = true;

    functions.TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
    functions.TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
    functions.TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planes);
    if (bits != 8 || samples != 4 || planes != PLANARCONFIG_CONTIG || functions.TIFFIsTiled(tiff) ||
        functions.TIFFScanlineSize(tiff) != (tmsize_t)(width * 4)) {
        return broken(err, "its inks are stored in a rare way");
    }
    row = malloc(width * 4);
    if (!row) {
        return error_set(err, ERROR_INTERNAL, "no memory to decode a TIFF");
    }
    cmyk = cmyk_open(file, facts, false, &out->colours);
    for (int y = 0; y < out->height && good; y++) {
        good = functions.TIFFReadScanline(tiff, row, (uint32_t)y, 0) == 1;
        if (good) {
            cmyk_to_rgb(cmyk, row, out->pixels + (size_t)y * width * 3, width);
        }
    }
    cmyk_close(cmyk);
    free(row);
    return good || broken(err, "its pixels are damaged");
}

bool decode_tiff(const struct blob *file, const struct image_facts *facts,
                 const struct decode_target *target, struct image *out, struct error *err)
{
    struct tiff_source source = { .file = file };
    uint32_t width = 0, height = 0;
    TIFF *tiff;
    bool good;

    *out = (struct image){ 0 };
    if (!tiff_library_load()) {
        return broken(err, "libtiff is not installed");
    }
    tiff = functions.TIFFClientOpen("photo", "r", &source, read_bytes, write_bytes, seek_to,
                                    close_file, size_of, map_file, unmap_file);
    if (!tiff) {
        return broken(err, "its directory is damaged");
    }
    functions.TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
    functions.TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
    good =
        (int)width == facts->width && (int)height == facts->height
            ? target_image(target, facts->width, facts->height, facts->alpha ? 4 : 3, 0, out, err)
            : broken(err, "it has two sizes");
    good =
        good && (facts->cmyk ? read_inks(tiff, file, facts, out, err) : read_rgba(tiff, out, err));
    functions.TIFFClose(tiff);
    if (!good) {
        image_free(out);
    }
    return good;
}

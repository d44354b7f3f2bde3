/* image.h - pixel buffers, decoding and encoding.
 *
 * All functions are called on pool threads: they write no log and touch only their arguments, and
 * the memory budget of the process (memory_budget.h). */
#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H
#include "base/blob.h"
#include "base/error.h"

struct image_storage {                        /* where the pixels are; zeroed: from malloc */
    void (*release)(void *base, size_t size); /* frees them; NULL = free() */
    void *base;
    size_t size;
    size_t reserved;        /* bytes of the memory budget that image_free returns */
    int64_t decoder_cpu_us; /* processor time of the process that decoded it; 0 = this one */
};

enum image_colours {                    /* how the colours of a file became sRGB */
                     COLOURS_SRGB,      /* they were, or the file does not say what they are */
                     COLOURS_CONVERTED, /* from the space that the file names */
                     COLOURS_ASSUMED    /* taken for sRGB: the file's colour profile is unusable */
};

struct image {
    int width, height;
    int channels;    /* 3 = RGB, 4 = RGBA (straight alpha); 8 bit each, sRGB */
    uint8_t *pixels; /* rows from top to bottom, without padding; owned, freed by image_free */
    enum image_colours colours; /* of a decoded image */
    struct image_storage storage;
};

enum image_format {
    FORMAT_UNKNOWN,
    FORMAT_PNG,
    FORMAT_JPEG,
    FORMAT_WEBP,
    FORMAT_GIF,
    FORMAT_BMP,
    FORMAT_HEIC,
    FORMAT_AVIF,
    FORMAT_TIFF
};

/* What a caller accepts, checked before anything is allocated. 0 means the default. */
struct image_bounds {
    size_t max_bytes;   /* size of the file; default 50 MB */
    int64_t max_pixels; /* default 40 megapixels; 100 for sellers' photos */
    /* The image is decoded at a half, a quarter or an eighth of its size while its longer side
     * keeps this many pixels. Default: never. */
    int enough_edge;
    /* The same if the memory budget is too small otherwise; default: enough_edge. */
    int least_edge;
    /* A seller's photo: what follows the end of the image is not read, and faults in metadata are
     * accepted. Faults in pixel data never are. Default: the answer of a model, which must have
     * none. */
    bool from_seller;
    /* Bytes of memory that the caller needs for each decoded pixel until image_free, besides the
     * pixels themselves; default 4. */
    int work_bytes;
};

struct image_facts { /* what the file's structure declares, without decoding pixels */
    enum image_format format;
    int width, height; /* of the file, even if the image is decoded at a smaller size */
    int orientation;   /* EXIF's, 1 to 8; width and height become those of the upright image once it
                          is decoded */
    size_t used_bytes; /* the image ends here; what follows in a seller's photo is not read */
    bool from_seller;  /* as in image_bounds */
    bool alpha;
    bool cmyk;                  /* four inks, decoded to RGB */
    bool profile;               /* has an ICC profile */
    enum image_colours colours; /* set by image_decode */
    bool ai_mark;      /* its XMP packet has the IPTC digital source type of AI-generated images */
    bool c2pa;         /* carries a C2PA manifest (caBX, jumb) */
    bool by_rows;      /* the decoder can reduce the image while it reads it */
    int decoder_bytes; /* memory that the decoder needs per pixel of the file, besides the result */
    int64_t min_bytes; /* a file with this many pixels cannot be smaller */
};

/* Values of error.cause. */
enum {
    IMAGE_TOO_LARGE = 2000, /* in bytes, pixels or memory */
    IMAGE_FOREIGN = 2100    /* plus an enum foreign_format: it is a file of another kind */
};

bool image_new(int width, int height, int channels, struct image *out,
               struct error *err) MUST_CHECK; /* pixels are uninitialized */
/* The same, with `extra` bytes after the pixels. */
bool image_new_with_extra(int width, int height, int channels, size_t extra, struct image *out,
                          struct error *err) MUST_CHECK;
void image_free(struct image *image);

/* Returns the format that the first bytes of a file show, also one that is only read as a seller's
 * photo; FORMAT_UNKNOWN if they are not those of an image. */
enum image_format image_format_of(const struct blob *file);

/* Walks chunks or markers within the buffer: the file must be complete, with dimensions within the
 * bounds and no more pixels than its bytes can hold. Unless it is a seller's photo, nothing may
 * follow its end, and the checksums of metadata must be correct too. Fails with ERROR_INPUT and a
 * readable reason. */
bool image_inspect(const struct blob *file, const struct image_bounds *bounds,
                   struct image_facts *out, struct error *err) MUST_CHECK;

/* Calls image_inspect, waits for its share of the memory budget, then decodes completely, in
 * another process if image_decoder_set named one. Warnings of decoders about pixels are errors.
 * Accepts PNG, JPEG, WebP, GIF (first frame) and BMP, and as sellers' photos HEIC, AVIF, TIFF and
 * animated WebP. Applies the EXIF orientation, converts colours to sRGB, CMYK to RGB, and 16-bit
 * and palette PNG to 8-bit RGB(A). `facts` may be NULL.
 *
 * Fails with ERROR_INPUT if the file is broken; with err->cause = IMAGE_TOO_LARGE if it exceeds the
 * bounds or needs more than the whole budget. */
bool image_decode(const struct blob *file, const struct image_bounds *bounds, struct image *out,
                  struct image_facts *facts, struct error *err) MUST_CHECK;

/* Encodes the image and tags it as sRGB: a PNG with chunk sRGB, a JPEG with a profile. With
 * ai_made, the file carries the IPTC digital source type in XMP. */
bool image_encode_png(const struct image *image, bool ai_made, struct blob *out,
                      struct error *err) MUST_CHECK;
bool image_encode_jpeg(const struct image *image, int quality, bool ai_made, struct blob *out,
                       struct error *err) MUST_CHECK;
/* The same, for a product on white: every pixel of exactly 255, 255, 255 is that after decoding,
 * also beside the edges of the product, where JPEG makes others darker. */
bool image_encode_jpeg_on_white(const struct image *image, int quality, bool ai_made,
                                struct blob *out, struct error *err) MUST_CHECK;

/* Adds the same marks to a PNG, JPEG or WebP file without changing a pixel. `facts` is the result
 * of image_inspect. Fails with ERROR_INPUT if the file has its own XMP packet. */
bool image_mark(const struct blob *file, const struct image_facts *facts, struct blob *out,
                struct error *err) MUST_CHECK;

/* Returns "converted" or "assumed to be sRGB"; NULL for sRGB. */
const char *image_colours_name(enum image_colours colours);
const char *format_content_type(enum image_format format); /* "image/png" */
const char *format_extension(enum image_format format);    /* "png" */
#endif

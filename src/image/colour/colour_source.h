/* colour_source.h - finds what a file says about its colours. */
#ifndef IMAGE_COLOUR_COLOUR_SOURCE_H
#define IMAGE_COLOUR_COLOUR_SOURCE_H
#include "image/colour/srgb_conversion.h"
#include "image/image.h"

enum colour_source_kind {
    COLOUR_SOURCE_NONE,    /* nothing, or sRGB */
    COLOUR_SOURCE_PROFILE, /* an ICC profile */
    COLOUR_SOURCE_SPACE,   /* numbers */
    COLOUR_SOURCE_BROKEN   /* something that cannot be read or is not supported */
};

struct colour_source {
    enum colour_source_kind kind;
    struct blob profile;
    struct colour_space space;
};

/* The file must have passed image_inspect with these facts. */
void colour_source_find(const struct blob *file, const struct image_facts *facts,
                        struct colour_source *out);
void colour_source_free(struct colour_source *source);

/* Converts the image in place to what the file, or the source, says, and sets image->colours. */
void colour_source_apply(const struct colour_source *source, struct image *image);

/* colour_codes.c */

/* Reads the code points of ITU-T H.273, which PNG's cICP and HEIF's nclx hold. 2 = unspecified. */
struct colour_source colour_source_of_codes(unsigned primaries, unsigned transfer);

/* colour_source_png.c */
void colour_source_find_png(const struct blob *file, struct colour_source *out);
#endif

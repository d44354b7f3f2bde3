/* colour.h - converts pixels to sRGB with Little CMS. */
#ifndef IMAGE_CODEC_COLOUR_H
#define IMAGE_CODEC_COLOUR_H
#include "base/blob.h"

enum colour_pixels { PIXELS_RGB, PIXELS_RGBA, PIXELS_CMYK, PIXELS_CMYK_INVERTED };

struct colour_space {       /* what the numbers of an RGB image mean, if no ICC profile says it */
    double white[2];        /* CIE 1931 xy */
    double primaries[3][2]; /* red, green, blue */
    double gamma;           /* exponent of a power law; 0: the curve of sRGB */
};

struct colour; /* a conversion to sRGB */

/* Both return NULL if the profile or space is unusable for such pixels. Not every defect shows: a
 * conversion that turns white into something else counts as one. The profile may have any content,
 * and is needed only during the call. */
struct colour *colour_open(const struct blob *profile, enum colour_pixels pixels);
struct colour *colour_open_space(const struct colour_space *space, enum colour_pixels pixels);
void colour_close(struct colour *colour);

/* Returns true if the conversion changes no colour by more than rounding: it need not be applied.
 */
bool colour_is_srgb(const struct colour *colour);

/* Converts `count` pixels to RGB, or RGBA to RGBA. RGB and RGBA may be converted in place. Returns
 * false if the profile is one of grey and the pixels are not grey; they are then unchanged. */
bool colour_convert(const struct colour *colour, const uint8_t *from, uint8_t *to, size_t count);
#endif

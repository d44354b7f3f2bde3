/* srgb_conversion.h - converts pixels to sRGB with Little CMS. */
#ifndef IMAGE_COLOUR_SRGB_CONVERSION_H
#define IMAGE_COLOUR_SRGB_CONVERSION_H
#include "base/blob.h"

enum colour_pixels { PIXELS_RGB, PIXELS_RGBA, PIXELS_CMYK, PIXELS_CMYK_INVERTED };

struct colour_space {       /* what the numbers of an RGB image mean, if no ICC profile says it */
    double white[2];        /* CIE 1931 xy */
    double primaries[3][2]; /* red, green, blue */
    double gamma;           /* exponent of a power law; 0: the curve of sRGB */
};

struct srgb_conversion; /* a conversion to sRGB */

/* Both return NULL if the profile or space is unusable for such pixels. Not every defect shows: a
 * conversion that turns white into something else counts as one. The profile may have any content,
 * and is needed only during the call. */
struct srgb_conversion *srgb_conversion_open(const struct blob *profile, enum colour_pixels pixels);
struct srgb_conversion *srgb_conversion_open_space(const struct colour_space *space,
                                                   enum colour_pixels pixels);
void srgb_conversion_close(struct srgb_conversion *conversion);

/* Returns true if the conversion changes no colour by more than rounding: it need not be applied.
 */
bool srgb_conversion_is_identity(const struct srgb_conversion *conversion);

/* Converts `count` pixels to RGB, or RGBA to RGBA. RGB and RGBA may be converted in place. Returns
 * false if the profile is one of grey and the pixels are not grey; they are then unchanged. */
bool srgb_convert(const struct srgb_conversion *conversion, const uint8_t *from, uint8_t *to,
                  size_t count);
#endif

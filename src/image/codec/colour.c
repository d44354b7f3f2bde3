/* colour.c - ICC profiles of versions 2 and 4, for RGB, grey and CMYK. The intent is perceptual,
 * the default of browsers and image viewers. */
#include "image/codec/colour.h"

#include <lcms2.h>
#include <stdlib.h>
#include <string.h>

struct colour {
    cmsContext context;
    cmsHTRANSFORM transform;
    enum colour_pixels pixels;
    bool is_grey;
    uint8_t grey[256][3]; /* sRGB of each level */
};

static size_t bytes_in(enum colour_pixels pixels)
{
    return pixels == PIXELS_RGB ? 3 : 4;
}

static cmsUInt32Number format_of(enum colour_pixels pixels)
{
    switch (pixels) {
    case PIXELS_RGB:
        return TYPE_RGB_8;
    case PIXELS_RGBA:
        return TYPE_RGBA_8;
    case PIXELS_CMYK:
        return TYPE_CMYK_8;
    default:
        return TYPE_CMYK_8_REV;
    }
}

static cmsColorSpaceSignature space_of(enum colour_pixels pixels)
{
    return pixels >= PIXELS_CMYK ? cmsSigCmykData : cmsSigRgbData;
}

void colour_close(struct colour *colour)
{
    if (!colour) {
        return;
    }
    if (colour->transform) {
        cmsDeleteTransform(colour->transform);
    }
    if (colour->context) {
        cmsDeleteContext(colour->context);
    }
    free(colour);
}

static void convert(const struct colour *colour, const uint8_t *from, uint8_t *to, size_t count)
{
    enum { STEP = 1 << 20 }; /* lcms counts in 32 bits */
    size_t out = colour->pixels == PIXELS_RGBA ? 4 : 3;

    for (size_t at = 0; at < count; at += STEP) {
        size_t now = count - at < STEP ? count - at : STEP;

        cmsDoTransform(colour->transform, from + at * bytes_in(colour->pixels), to + at * out,
                       (cmsUInt32Number)now);
    }
}

/* Fills colour->grey. */
static void convert_levels(struct colour *colour)
{
    uint8_t levels[256];

    for (int i = 0; i < 256; i++) {
        levels[i] = (uint8_t)i;
    }
    cmsDoTransform(colour->transform, levels, colour->grey, 256);
}

/* Every usable profile keeps white: its intent maps the paper, or the screen's white, to white. */
static bool keeps_white(const struct colour *colour)
{
    enum { WHITE_MIN = 200 };
    uint8_t white[4], out[4];

    memset(white, colour->pixels == PIXELS_CMYK ? 0 : 255, sizeof white);
    if (colour->is_grey) {
        memcpy(out, colour->grey[255], 3);
    } else {
        convert(colour, white, out, 1);
    }
    return out[0] >= WHITE_MIN && out[1] >= WHITE_MIN && out[2] >= WHITE_MIN;
}

/* Closes `profile`. */
static bool set_transform(struct colour *colour, cmsHPROFILE profile)
{
    cmsHPROFILE srgb = cmsCreate_sRGBProfileTHR(colour->context);
    cmsColorSpaceSignature space = profile ? cmsGetColorSpace(profile) : cmsSigLabData;

    colour->is_grey = space == cmsSigGrayData && colour->pixels < PIXELS_CMYK;
    if (profile && srgb && (colour->is_grey || space == space_of(colour->pixels))) {
        bool alpha = colour->pixels == PIXELS_RGBA && !colour->is_grey;

        colour->transform =
            cmsCreateTransformTHR(colour->context, profile,
                                  colour->is_grey ? TYPE_GRAY_8 : format_of(colour->pixels), srgb,
                                  alpha ? TYPE_RGBA_8 : TYPE_RGB_8, INTENT_PERCEPTUAL,
                                  alpha ? cmsFLAGS_COPY_ALPHA : 0);
    }
    if (profile) {
        cmsCloseProfile(profile);
    }
    if (srgb) {
        cmsCloseProfile(srgb);
    }
    if (colour->transform && colour->is_grey) {
        convert_levels(colour);
    }
    return colour->transform && keeps_white(colour);
}

static struct colour *create(enum colour_pixels pixels)
{
    struct colour *colour = calloc(1, sizeof *colour);

    if (colour) {
        colour->pixels = pixels;
        colour->context = cmsCreateContext(NULL, NULL);
    }
    return colour;
}

static struct colour *finish(struct colour *colour, cmsHPROFILE profile)
{
    if (set_transform(colour, profile)) {
        return colour;
    }
    colour_close(colour);
    return NULL;
}

struct colour *colour_open(const struct blob *profile, enum colour_pixels pixels)
{
    struct colour *colour = create(pixels);

    if (!colour || !colour->context || profile->size > UINT32_MAX) {
        colour_close(colour);
        return NULL;
    }
    return finish(colour, cmsOpenProfileFromMemTHR(colour->context, profile->data,
                                                   (cmsUInt32Number)profile->size));
}

static cmsToneCurve *curve_of(cmsContext context, const struct colour_space *space)
{
    static const cmsFloat64Number srgb[] = { 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045 };

    return space->gamma > 0 ? cmsBuildGamma(context, space->gamma)
                            : cmsBuildParametricToneCurve(context, 4, srgb);
}

struct colour *colour_open_space(const struct colour_space *space, enum colour_pixels pixels)
{
    struct colour *colour = create(pixels);
    cmsCIExyY white = { space->white[0], space->white[1], 1 };
    cmsCIExyYTRIPLE primaries = {
        .Red = { space->primaries[0][0], space->primaries[0][1], 1 },
        .Green = { space->primaries[1][0], space->primaries[1][1], 1 },
        .Blue = { space->primaries[2][0], space->primaries[2][1], 1 },
    };
    cmsToneCurve *curve;
    cmsHPROFILE profile = NULL;

    if (!colour || !colour->context) {
        colour_close(colour);
        return NULL;
    }
    curve = curve_of(colour->context, space);
    if (curve) {
        profile = cmsCreateRGBProfileTHR(colour->context, &white, &primaries,
                                         (cmsToneCurve *[]){ curve, curve, curve });
        cmsFreeToneCurve(curve);
    }
    return finish(colour, profile);
}

bool colour_is_srgb(const struct colour *colour)
{
    static const uint8_t levels[] = { 0, 16, 48, 96, 128, 176, 224, 255 };
    enum { LEVELS = sizeof levels };

    for (int i = 0; i < LEVELS * LEVELS * LEVELS; i++) {
        uint8_t in[4] = { levels[i % LEVELS], levels[i / LEVELS % LEVELS],
                          levels[i / LEVELS / LEVELS], 255 };
        uint8_t out[4];

        if (colour->pixels >= PIXELS_CMYK) {
            return false;
        }
        if (colour->is_grey) {
            in[0] = in[1] = in[2] = (uint8_t)(i % 256);
        }
        (void)colour_convert(colour, in, out, 1);
        for (int c = 0; c < 3; c++) {
            if (abs(in[c] - out[c]) > 1) {
                return false;
            }
        }
    }
    return true;
}

static bool convert_grey(const struct colour *colour, const uint8_t *from, uint8_t *to,
                         size_t count)
{
    size_t step = bytes_in(colour->pixels);

    for (size_t i = 0; i < count * step; i += step) {
        if (from[i] != from[i + 1] || from[i] != from[i + 2]) {
            return false;
        }
    }
    for (size_t i = 0; i < count * step; i += step) {
        uint8_t alpha = step == 4 ? from[i + 3] : 0;

        memcpy(to + i, colour->grey[from[i]], 3);
        if (step == 4) {
            to[i + 3] = alpha;
        }
    }
    return true;
}

bool colour_convert(const struct colour *colour, const uint8_t *from, uint8_t *to, size_t count)
{
    if (colour->is_grey) {
        return convert_grey(colour, from, to, count);
    }
    convert(colour, from, to, count);
    return true;
}

/* srgb_conversion.c - ICC profiles of versions 2 and 4, for RGB, grey and CMYK. The intent is
 * perceptual, the default of browsers and image viewers. */
#include "image/colour/srgb_conversion.h"

#include <lcms2.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct srgb_conversion {
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

void srgb_conversion_close(struct srgb_conversion *conversion)
{
    if (!conversion) {
        return;
    }
    if (conversion->transform) {
        cmsDeleteTransform(conversion->transform);
    }
    if (conversion->context) {
        cmsDeleteContext(conversion->context);
    }
    free(conversion);
}

static void convert(const struct srgb_conversion *conversion, const uint8_t *from, uint8_t *to,
                    size_t count)
{
    enum { STEP = 1 << 20 }; /* lcms counts in 32 bits */
    size_t out = conversion->pixels == PIXELS_RGBA ? 4 : 3;

    for (size_t at = 0; at < count; at += STEP) {
        size_t now = count - at < STEP ? count - at : STEP;

        cmsDoTransform(conversion->transform, from + at * bytes_in(conversion->pixels),
                       to + at * out, (cmsUInt32Number)now);
    }
}

/* Fills conversion->grey. */
static void convert_levels(struct srgb_conversion *conversion)
{
    uint8_t levels[256];

    for (int i = 0; i < 256; i++) {
        levels[i] = (uint8_t)i;
    }
    cmsDoTransform(conversion->transform, levels, conversion->grey, 256);
}

/* Every usable profile keeps white: its intent maps the paper, or the screen's white, to white. */
static bool keeps_white(const struct srgb_conversion *conversion)
{
    enum { WHITE_MIN = 200 };
    uint8_t white[4], out[4];

    memset(white, conversion->pixels == PIXELS_CMYK ? 0 : 255, sizeof white);
    if (conversion->is_grey) {
        memcpy(out, conversion->grey[255], 3);
    } else {
        convert(conversion, white, out, 1);
    }
    return out[0] >= WHITE_MIN && out[1] >= WHITE_MIN && out[2] >= WHITE_MIN;
}

/* Closes `profile`. */
static bool set_transform(struct srgb_conversion *conversion, cmsHPROFILE profile)
{
    cmsHPROFILE srgb = cmsCreate_sRGBProfileTHR(conversion->context);
    cmsColorSpaceSignature space = profile ? cmsGetColorSpace(profile) : cmsSigLabData;

    conversion->is_grey = space == cmsSigGrayData && conversion->pixels < PIXELS_CMYK;
    if (profile && srgb && (conversion->is_grey || space == space_of(conversion->pixels))) {
        bool alpha = conversion->pixels == PIXELS_RGBA && !conversion->is_grey;

        conversion->transform =
            cmsCreateTransformTHR(conversion->context, profile,
                                  conversion->is_grey ? TYPE_GRAY_8 : format_of(conversion->pixels),
                                  srgb, alpha ? TYPE_RGBA_8 : TYPE_RGB_8, INTENT_PERCEPTUAL,
                                  alpha ? cmsFLAGS_COPY_ALPHA : 0);
    }
    if (profile) {
        cmsCloseProfile(profile);
    }
    if (srgb) {
        cmsCloseProfile(srgb);
    }
    if (conversion->transform && conversion->is_grey) {
        convert_levels(conversion);
    }
    return conversion->transform && keeps_white(conversion);
}

static struct srgb_conversion *create(enum colour_pixels pixels)
{
    struct srgb_conversion *conversion = xcalloc(1, sizeof *conversion);

    conversion->pixels = pixels;
    conversion->context = cmsCreateContext(NULL, NULL);
    return conversion;
}

static struct srgb_conversion *finish(struct srgb_conversion *conversion, cmsHPROFILE profile)
{
    if (set_transform(conversion, profile)) {
        return conversion;
    }
    srgb_conversion_close(conversion);
    return NULL;
}

struct srgb_conversion *srgb_conversion_open(const struct blob *profile, enum colour_pixels pixels)
{
    struct srgb_conversion *conversion = create(pixels);

    if (!conversion->context || profile->size > UINT32_MAX) {
        srgb_conversion_close(conversion);
        return NULL;
    }
    return finish(conversion, cmsOpenProfileFromMemTHR(conversion->context, profile->data,
                                                       (cmsUInt32Number)profile->size));
}

static cmsToneCurve *curve_of(cmsContext context, const struct colour_space *space)
{
    static const cmsFloat64Number srgb[] = { 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045 };

    return space->gamma > 0 ? cmsBuildGamma(context, space->gamma)
                            : cmsBuildParametricToneCurve(context, 4, srgb);
}

struct srgb_conversion *srgb_conversion_open_space(const struct colour_space *space,
                                                   enum colour_pixels pixels)
{
    struct srgb_conversion *conversion = create(pixels);
    cmsCIExyY white = { space->white[0], space->white[1], 1 };
    cmsCIExyYTRIPLE primaries = {
        .Red = { space->primaries[0][0], space->primaries[0][1], 1 },
        .Green = { space->primaries[1][0], space->primaries[1][1], 1 },
        .Blue = { space->primaries[2][0], space->primaries[2][1], 1 },
    };
    cmsToneCurve *curve;
    cmsHPROFILE profile = NULL;

    if (!conversion->context) {
        srgb_conversion_close(conversion);
        return NULL;
    }
    curve = curve_of(conversion->context, space);
    if (curve) {
        profile = cmsCreateRGBProfileTHR(conversion->context, &white, &primaries,
                                         (cmsToneCurve *[]){ curve, curve, curve });
        cmsFreeToneCurve(curve);
    }
    return finish(conversion, profile);
}

bool srgb_conversion_is_identity(const struct srgb_conversion *conversion)
{
    static const uint8_t levels[] = { 0, 16, 48, 96, 128, 176, 224, 255 };
    enum { LEVELS = sizeof levels };

    for (int i = 0; i < LEVELS * LEVELS * LEVELS; i++) {
        uint8_t in[4] = { levels[i % LEVELS], levels[i / LEVELS % LEVELS],
                          levels[i / LEVELS / LEVELS], 255 };
        uint8_t out[4];

        if (conversion->pixels >= PIXELS_CMYK) {
            return false;
        }
        if (conversion->is_grey) {
            in[0] = in[1] = in[2] = (uint8_t)(i % 256);
        }
        (void)srgb_convert(conversion, in, out, 1);
        for (int c = 0; c < 3; c++) {
            if (abs(in[c] - out[c]) > 1) {
                return false;
            }
        }
    }
    return true;
}

static bool convert_grey(const struct srgb_conversion *conversion, const uint8_t *from, uint8_t *to,
                         size_t count)
{
    size_t step = bytes_in(conversion->pixels);

    for (size_t i = 0; i < count * step; i += step) {
        if (from[i] != from[i + 1] || from[i] != from[i + 2]) {
            return false;
        }
    }
    for (size_t i = 0; i < count * step; i += step) {
        uint8_t alpha = step == 4 ? from[i + 3] : 0;

        memcpy(to + i, conversion->grey[from[i]], 3);
        if (step == 4) {
            to[i + 3] = alpha;
        }
    }
    return true;
}

bool srgb_convert(const struct srgb_conversion *conversion, const uint8_t *from, uint8_t *to,
                  size_t count)
{
    if (conversion->is_grey) {
        return convert_grey(conversion, from, to, count);
    }
    convert(conversion, from, to, count);
    return true;
}

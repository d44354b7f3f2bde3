/* colour_profiles.h - colour profiles, and what their colours are in sRGB. */
#ifndef TESTS_LIB_COLOUR_PROFILES_H
#define TESTS_LIB_COLOUR_PROFILES_H
#include "lib/test_images.h"

#include <lcms2.h>
#include <math.h>

static inline struct blob save(cmsHPROFILE profile, double version)
{
    struct blob out = { 0 };
    cmsUInt32Number size = 0;

    cmsSetProfileVersion(profile, version);
    assert_true(cmsSaveProfileToMem(profile, NULL, &size));
    out = blob_from_malloc(malloc(size), size);
    assert_true(cmsSaveProfileToMem(profile, out.data, &size));
    cmsCloseProfile(profile);
    return out;
}

struct rgb_space {
    const char *name;
    cmsCIExyY white;
    cmsCIExyYTRIPLE primaries;
    double gamma; /* 0: sRGB's curve */
    double version;
};

static const struct rgb_space display_p3 = {
    "Display P3",
    { 0.3127, 0.3290, 1 },
    { { 0.680, 0.320, 1 }, { 0.265, 0.690, 1 }, { 0.150, 0.060, 1 } },
    0,
    4.3
};
static const struct rgb_space adobe_rgb = {
    "Adobe RGB",
    { 0.3127, 0.3290, 1 },
    { { 0.64, 0.33, 1 }, { 0.21, 0.71, 1 }, { 0.15, 0.06, 1 } },
    563.0 / 256,
    2.1
};
static const struct rgb_space prophoto = {
    "ProPhoto",
    { 0.3457, 0.3585, 1 },
    { { 0.7347, 0.2653, 1 }, { 0.1596, 0.8404, 1 }, { 0.0366, 0.0001, 1 } },
    1.8,
    2.1
};

static inline struct blob rgb_profile(const struct rgb_space *space)
{
    static const double srgb[] = { 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045 };
    cmsToneCurve *curve = space->gamma > 0 ? cmsBuildGamma(NULL, space->gamma)
                                           : cmsBuildParametricToneCurve(NULL, 4, srgb);
    cmsHPROFILE profile = cmsCreateRGBProfile(&space->white, &space->primaries,
                                              (cmsToneCurve *[]){ curve, curve, curve });

    cmsFreeToneCurve(curve);
    return save(profile, space->version);
}

static inline struct blob grey_profile(double gamma)
{
    cmsToneCurve *curve = cmsBuildGamma(NULL, gamma);
    cmsHPROFILE profile = cmsCreateGrayProfile(cmsD50_xyY(), curve);

    cmsFreeToneCurve(curve);
    return save(profile, 2.1);
}

/* A printer whose inks darken the paper, each on its own. */
static inline cmsInt32Number print_colour(const cmsUInt16Number in[], cmsUInt16Number out[],
                                          void *unused)
{
    double c = in[0] / 65535.0, m = in[1] / 65535.0, y = in[2] / 65535.0, k = in[3] / 65535.0;
    cmsCIELab lab = { 100 * (1 - k * 0.85) * (1 - (0.45 * c + 0.5 * m + 0.1 * y) * 0.8),
                      (70 * m - 35 * c) * (1 - k), (80 * y - 45 * c - 10 * m) * (1 - k) };

    (void)unused;
    cmsFloat2LabEncoded(out, &lab);
    return 1;
}

static inline struct blob cmyk_profile(void)
{
    cmsHPROFILE profile = cmsCreateProfilePlaceholder(NULL);
    cmsPipeline *pipeline = cmsPipelineAlloc(NULL, 4, 3);
    cmsStage *clut = cmsStageAllocCLut16bit(NULL, 9, 4, 3, NULL);

    assert_true(cmsStageSampleCLut16bit(clut, print_colour, NULL, 0));
    assert_true(
        cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(NULL, 4, NULL)));
    assert_true(cmsPipelineInsertStage(pipeline, cmsAT_END, clut));
    assert_true(
        cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(NULL, 3, NULL)));
    cmsSetDeviceClass(profile, cmsSigOutputClass);
    cmsSetColorSpace(profile, cmsSigCmykData);
    cmsSetPCS(profile, cmsSigLabData);
    assert_true(cmsWriteTag(profile, cmsSigAToB0Tag, pipeline));
    cmsPipelineFree(pipeline);
    return save(profile, 4.2);
}

/* -- reference --------------------------------------------------------------------------------- */

/* Converts without tables or rounding, and cuts off what is outside sRGB. */
static inline void reference(const struct blob *profile, cmsUInt32Number format, const double *in,
                             double rgb[3])
{
    cmsHPROFILE from = cmsOpenProfileFromMem(profile->data, (cmsUInt32Number)profile->size);
    cmsHPROFILE srgb = cmsCreate_sRGBProfile();
    cmsHTRANSFORM transform = cmsCreateTransform(from, format, srgb, TYPE_RGB_DBL,
                                                 INTENT_PERCEPTUAL, cmsFLAGS_NOOPTIMIZE);

    assert_non_null(transform);
    cmsDoTransform(transform, in, rgb, 1);
    for (int c = 0; c < 3; c++) {
        rgb[c] = fmin(1, fmax(0, rgb[c]));
    }
    cmsDeleteTransform(transform);
    cmsCloseProfile(from);
    cmsCloseProfile(srgb);
}

static inline cmsCIELab lab_of(const double rgb[3])
{
    static const double to_xyz[3][3] = { { 0.4360747, 0.3850649, 0.1430804 },
                                         { 0.2225045, 0.7168786, 0.0606169 },
                                         { 0.0139322, 0.0971045, 0.7141733 } };
    double linear[3], xyz[3] = { 0 };
    cmsCIELab lab;
    cmsCIEXYZ value;

    for (int c = 0; c < 3; c++) {
        linear[c] = rgb[c] <= 0.04045 ? rgb[c] / 12.92 : pow((rgb[c] + 0.055) / 1.055, 2.4);
    }
    for (int i = 0; i < 9; i++) {
        xyz[i / 3] += to_xyz[i / 3][i % 3] * linear[i % 3];
    }
    value = (cmsCIEXYZ){ xyz[0], xyz[1], xyz[2] };
    cmsXYZ2Lab(cmsD50_XYZ(), &lab, &value);
    return lab;
}

static inline double difference(const uint8_t *got, const double want[3])
{
    double rgb[3] = { got[0] / 255.0, got[1] / 255.0, got[2] / 255.0 };
    cmsCIELab one = lab_of(rgb), other = lab_of(want);

    return cmsCIE2000DeltaE(&one, &other, 1, 1, 1);
}
#endif

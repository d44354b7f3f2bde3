/* srgb_profile.c - writes the profile of sRGB with Little CMS. IEC 61966-2-1, ICC.1:2001. */
#include "image/colour/srgb_profile.h"

#include <lcms2.h>
#include <math.h>
#include <string.h>

/* Linear between so many points, the curve is off by 0.013 in lightness at most. */
enum { CURVE_POINTS = 128, HEADER = 128, DATE_AT = 24, DATE_BYTES = 12 };

static cmsToneCurve *create_curve(void)
{
    cmsUInt16Number points[CURVE_POINTS];

    for (int i = 0; i < CURVE_POINTS; i++) {
        double level = i / (CURVE_POINTS - 1.0);

        points[i] = (cmsUInt16Number)lround(
            65535 * (level <= 0.04045 ? level / 12.92 : pow((level + 0.055) / 1.055, 2.4)));
    }
    return cmsBuildTabulatedToneCurve16(NULL, CURVE_POINTS, points);
}

static bool write_text(cmsHPROFILE profile, cmsTagSignature tag, const char *text)
{
    cmsMLU *value = cmsMLUalloc(NULL, 1);
    bool good =
        value && cmsMLUsetASCII(value, "en", "US", text) && cmsWriteTag(profile, tag, value);

    cmsMLUfree(value);
    return good;
}

static bool save(cmsHPROFILE profile, struct blob *out, struct error *err)
{
    cmsUInt32Number size = 0;

    if (!cmsSaveProfileToMem(profile, NULL, &size) || size < HEADER || !blob_new(out, size, err)) {
        return false;
    }
    if (!cmsSaveProfileToMem(profile, out->data, &size)) {
        blob_free(out);
        return false;
    }
    /* Little CMS writes the current time: 1 January 2000 in its place. */
    memcpy(out->data + DATE_AT, "\x07\xd0\0\1\0\1\0\0\0\0\0\0", DATE_BYTES);
    return true;
}

bool srgb_profile_create(struct blob *out, struct error *err)
{
    static const cmsCIExyY d65 = { 0.3127, 0.3290, 1 };
    static const cmsCIExyYTRIPLE primaries = { { 0.64, 0.33, 1 },
                                               { 0.30, 0.60, 1 },
                                               { 0.15, 0.06, 1 } };
    cmsToneCurve *curve = create_curve();
    cmsHPROFILE profile =
        curve ? cmsCreateRGBProfile(&d65, &primaries, (cmsToneCurve *[]){ curve, curve, curve })
              : NULL;
    bool good;

    *out = (struct blob){ 0 };
    if (profile) {
        cmsSetProfileVersion(profile, 2.1);
    }
    good = profile && write_text(profile, cmsSigProfileDescriptionTag, "sRGB") &&
           write_text(profile, cmsSigCopyrightTag, "No copyright, use freely") &&
           save(profile, out, err);
    if (profile) {
        cmsCloseProfile(profile);
    }
    if (curve) {
        cmsFreeToneCurve(curve);
    }
    return good || error_set(err, ERROR_INTERNAL, "no memory for a colour profile");
}

/* srgb_profile.c - writes the profile of sRGB with Little CMS. IEC 61966-2-1, ICC.1:2001. */
#include "image/colour/srgb_profile.h"

#include <lcms2.h>
#include <math.h>
#include <pthread.h>
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

static bool create(struct blob *out, struct error *err)
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
    return good;
}

static struct blob made; /* empty: memory ran out */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make(void)
{
    struct error ignored;

    if (!create(&made, &ignored)) {
        made = (struct blob){ 0 };
    }
}

bool srgb_profile(const struct blob **out, struct error *err)
{
    pthread_once(&once, make);
    *out = &made;
    return made.size > 0 || error_set(err, ERROR_INTERNAL, "no memory for a colour profile");
}

bool srgb_profile_is(const struct blob *profile)
{
    const struct blob *own;
    struct error ignored;

    return srgb_profile(&own, &ignored) && profile->size == own->size &&
           memcmp(profile->data, own->data, own->size) == 0;
}

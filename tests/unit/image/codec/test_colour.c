/* test_colour.c - photos with a colour profile come out in sRGB: within one CIEDE2000 of a
 * conversion in double precision, for the profiles and the places in files where they occur. */
#include "lib/photo_files.h"

#include <lcms2.h>
#include <math.h>

enum { LEVELS = 6, COLOURS = LEVELS * LEVELS * LEVELS, ACROSS = 18, BLOCK = 8 };
enum { WIDTH = ACROSS * BLOCK, HEIGHT = COLOURS / ACROSS * BLOCK };

static const struct image_bounds seller = { .from_seller = true };

/* -- profiles ---------------------------------------------------------------------------------- */

static struct blob save(cmsHPROFILE profile, double version)
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

static struct blob rgb_profile(const struct rgb_space *space)
{
    static const double srgb[] = { 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045 };
    cmsToneCurve *curve = space->gamma > 0 ? cmsBuildGamma(NULL, space->gamma)
                                           : cmsBuildParametricToneCurve(NULL, 4, srgb);
    cmsHPROFILE profile = cmsCreateRGBProfile(&space->white, &space->primaries,
                                              (cmsToneCurve *[]){ curve, curve, curve });

    cmsFreeToneCurve(curve);
    return save(profile, space->version);
}

static struct blob grey_profile(double gamma)
{
    cmsToneCurve *curve = cmsBuildGamma(NULL, gamma);
    cmsHPROFILE profile = cmsCreateGrayProfile(cmsD50_xyY(), curve);

    cmsFreeToneCurve(curve);
    return save(profile, 2.1);
}

/* A printer whose inks darken the paper, each on its own. */
static cmsInt32Number print_colour(const cmsUInt16Number in[], cmsUInt16Number out[], void *unused)
{
    double c = in[0] / 65535.0, m = in[1] / 65535.0, y = in[2] / 65535.0, k = in[3] / 65535.0;
    cmsCIELab lab = { 100 * (1 - k * 0.85) * (1 - (0.45 * c + 0.5 * m + 0.1 * y) * 0.8),
                      (70 * m - 35 * c) * (1 - k), (80 * y - 45 * c - 10 * m) * (1 - k) };

    (void)unused;
    cmsFloat2LabEncoded(out, &lab);
    return 1;
}

static struct blob cmyk_profile(void)
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
static void reference(const struct blob *profile, cmsUInt32Number format, const double *in,
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

static cmsCIELab lab_of(const double rgb[3])
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

static double difference(const uint8_t *got, const double want[3])
{
    double rgb[3] = { got[0] / 255.0, got[1] / 255.0, got[2] / 255.0 };
    cmsCIELab one = lab_of(rgb), other = lab_of(want);

    return cmsCIE2000DeltaE(&one, &other, 1, 1, 1);
}

/* -- files ------------------------------------------------------------------------------------- */

/* A block of each colour of a grid. */
static void fill_blocks(uint8_t *pixels, int channels, bool inverted)
{
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            int n = y / BLOCK * ACROSS + x / BLOCK;
            uint8_t *to = pixels + (y * WIDTH + x) * channels;
            int values[4] = { n % LEVELS, n / LEVELS % LEVELS, n / LEVELS / LEVELS, n % 3 };

            for (int c = 0; c < channels; c++) {
                int value = values[c] * 255 / (LEVELS - 1);

                to[c] = (uint8_t)(inverted ? 255 - value : value);
            }
        }
    }
}

/* Splits the profile into segments of at most `most` bytes, written in reverse order. */
static void add_profile(struct blob *jpeg, const struct blob *profile, size_t most)
{
    size_t count = (profile->size + most - 1) / most;

    for (size_t i = 0; i < count; i++) {
        size_t size = profile->size - i * most < most ? profile->size - i * most : most;
        struct blob body = { 0 };

        put(&body, "ICC_PROFILE\0", 12);
        put(&body, (uint8_t[]){ (uint8_t)(i + 1), (uint8_t)count }, 2);
        put(&body, profile->data + i * most, size);
        photo_add_segment(jpeg, 0xe2, body.data, body.size);
        blob_free(&body);
    }
}

static void add_iccp(struct blob *png, const struct blob *profile)
{
    struct blob body = { 0 }, packed = deflated(profile->data, profile->size);

    put(&body, "a name\0", 8); /* its zero, and the method */
    put(&body, packed.data, packed.size);
    photo_add_chunk(png, "iCCP", body.data, body.size);
    blob_free(&packed);
    blob_free(&body);
}

static struct image decoded(const struct blob *file, enum image_colours colours, const char *what)
{
    struct image_facts facts;
    struct image image;
    struct error err = { 0 };

    if (!image_decode(file, &seller, &image, &facts, &err)) {
        fail_msg("%s: %s", what, err.text);
    }
    if (facts.colours != colours) {
        fail_msg("%s: colours %d, not %d", what, (int)facts.colours, (int)colours);
    }
    assert_int_equal(image.width, WIDTH);
    return image;
}

static void expect_colours(const struct image *image, const struct image *original,
                           const struct blob *profile, double most, const char *what)
{
    for (int n = 0; n < COLOURS; n++) {
        int at = (n / ACROSS * BLOCK + BLOCK / 2) * WIDTH + n % ACROSS * BLOCK + BLOCK / 2;
        const uint8_t *from = original->pixels + at * 3, *got = image->pixels + at * 3;
        double in[3] = { from[0] / 255.0, from[1] / 255.0, from[2] / 255.0 }, want[3], apart;

        reference(profile, TYPE_RGB_DBL, in, want);
        apart = difference(got, want);
        if (apart > most) {
            fail_msg("%s: colour %d %d %d is off by %.2f", what, from[0], from[1], from[2], apart);
        }
    }
}

static struct image colour_blocks(void)
{
    struct image image;
    struct error err;

    assert_true(image_new(WIDTH, HEIGHT, 3, &image, &err));
    fill_blocks(image.pixels, 3, false);
    return image;
}

static void profiles_are_applied_in_every_format(void **unused)
{
    const struct rgb_space *spaces[] = { &display_p3, &adobe_rgb, &prophoto };
    struct image blocks = colour_blocks();

    (void)unused;
    for (size_t s = 0; s < sizeof spaces / sizeof *spaces; s++) {
        struct blob profile = rgb_profile(spaces[s]), none = { 0 };
        struct blob files[] = { png_of(&blocks, 5, 1 << 20),
                                photo_webp(&blocks, true, &profile, &none), photo_jpeg(&blocks),
                                photo_jpeg(&blocks) };

        add_iccp(&files[0], &profile);
        add_profile(&files[2], &profile, 60000);
        add_profile(&files[3], &profile, 100);
        for (size_t i = 0; i < 4; i++) {
            struct image image = decoded(&files[i], COLOURS_CONVERTED, spaces[s]->name);

            /* JPEG changes a block by one level, which is more in the dark of a wide space */
            expect_colours(&image, &blocks, &profile, i < 2 ? 1 : 2.5, spaces[s]->name);
            image_free(&image);
            blob_free(&files[i]);
        }
        blob_free(&profile);
    }
    image_free(&blocks);
}

static void the_profile_of_srgb_changes_nothing(void **unused)
{
    struct image blocks = colour_blocks(), image;
    struct blob profile = save(cmsCreate_sRGBProfile(), 2.1), file = png_of(&blocks, 5, 1 << 20);

    (void)unused;
    add_iccp(&file, &profile);
    image = decoded(&file, COLOURS_SRGB, "sRGB");
    assert_memory_equal(image.pixels, blocks.pixels, (size_t)WIDTH * HEIGHT * 3);
    image_free(&image);
    image_free(&blocks);
    blob_free(&profile);
    blob_free(&file);
}

static void unusable_profiles_are_taken_for_srgb(void **unused)
{
    struct image blocks = colour_blocks();
    struct blob good = rgb_profile(&display_p3), cmyk = cmyk_profile();
    struct blob grey = grey_profile(2.2), black = rgb_profile(&display_p3);
    struct {
        const char *what;
        struct blob profile;
    } all[] = {
        { "an empty profile", blob_text("") },
        { "garbage", blob_text("this is not a profile at all, but text of some length") },
        { "half a profile", blob_view(good.data, good.size / 2) },
        { "a profile of inks", cmyk },
        { "a profile of grey", grey },
        { "a profile without colours", black },
    };

    (void)unused;
    memset(black.data + 128, 0, black.size - 128);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct blob files[] = { png_of(&blocks, 5, 1 << 20), photo_jpeg(&blocks) };

        add_iccp(&files[0], &all[i].profile);
        add_profile(&files[1], &all[i].profile, 60000);
        for (int f = all[i].profile.size == 0; f < 2; f++) {
            bool empty = all[i].profile.size == 0; /* no segment was added */
            struct image image =
                decoded(&files[f], empty ? COLOURS_SRGB : COLOURS_ASSUMED, all[i].what);

            for (int at = 0; at < WIDTH * HEIGHT * 3; at++) {
                assert_true(abs(image.pixels[at] - blocks.pixels[at]) <= (f == 0 ? 0 : 3));
            }
            image_free(&image);
        }
        blob_free(&files[0]);
        blob_free(&files[1]);
    }
    image_free(&blocks);
    blob_free(&good);
    blob_free(&cmyk);
    blob_free(&grey);
    blob_free(&black);
}

/* A segment is missing, doubled, or has an impossible number. */
static void incomplete_segments_of_a_profile_are_taken_for_srgb(void **unused)
{
    struct image blocks = colour_blocks();
    struct blob profile = rgb_profile(&display_p3), file = photo_jpeg(&blocks);
    struct image image;

    (void)unused;
    add_profile(&file, &profile, 100);
    file.data[2 + 4 + 12] = 200; /* the number of the segment that was written last */
    image = decoded(&file, COLOURS_ASSUMED, "a missing segment");
    image_free(&image);
    image_free(&blocks);
    blob_free(&file);
    blob_free(&profile);
}

static void profiles_of_grey_are_applied(void **unused)
{
    uint8_t *levels = calloc(WIDTH, HEIGHT);
    struct blob profile = grey_profile(1.8), file;
    struct image image;

    (void)unused;
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        levels[i] = (uint8_t)(i % WIDTH / BLOCK * 255 / (ACROSS - 1));
    }
    file = photo_jpeg_of(levels, WIDTH, HEIGHT, JCS_GRAYSCALE, JCS_GRAYSCALE);
    add_profile(&file, &profile, 60000);
    image = decoded(&file, COLOURS_CONVERTED, "grey");
    for (int x = BLOCK / 2; x < WIDTH; x += BLOCK) {
        double in = levels[x] / 255.0, want[3];

        reference(&profile, TYPE_GRAY_DBL, &in, want);
        assert_true(difference(image.pixels + x * 3, want) <= 1.5);
    }
    free(levels);
    image_free(&image);
    blob_free(&file);
    blob_free(&profile);
}

static void alpha_is_kept(void **unused)
{
    struct image image, out;
    struct blob profile = rgb_profile(&adobe_rgb), file;
    struct error err;

    (void)unused;
    assert_true(image_new(256, 2, 4, &image, &err));
    for (int i = 0; i < 512; i++) {
        memcpy(image.pixels + i * 4, ((uint8_t[]){ 200, 100, 50, (uint8_t)i }), 4);
    }
    file = png_of(&image, 0, 5000);
    add_iccp(&file, &profile);
    assert_true(image_decode(&file, &seller, &out, NULL, &err));
    assert_int_equal(out.colours, COLOURS_CONVERTED);
    for (int i = 0; i < 512; i++) {
        assert_int_equal(out.pixels[i * 4 + 3], i & 255);
        assert_true(out.pixels[i * 4] > 205); /* Adobe RGB's red is stronger */
    }
    image_free(&image);
    image_free(&out);
    blob_free(&file);
    blob_free(&profile);
}

/* -- numbers in place of a profile ------------------------------------------------------------- */

static void numbers_of_a_png_are_applied(void **unused)
{
    static const char p3[] = "\x00\x00\x7a\x26\x00\x00\x80\x84\x00\x01\x09\xa0\x00\x00\x7d\x00"
                             "\x00\x00\x67\x84\x00\x01\x0d\x88\x00\x00\x3a\x98\x00\x00\x17\x70";
    static const struct {
        const char *what;
        bool srgb, chrm;
        const char *gama, *cicp;
        enum image_colours colours;
        const struct rgb_space *space;
    } all[] = {
        { "nothing", false, false, NULL, NULL, COLOURS_SRGB, NULL },
        { "sRGB before numbers", true, true, NULL, NULL, COLOURS_SRGB, NULL },
        { "gamma of sRGB", false, false, "\x00\x00\xb1\x8f", NULL, COLOURS_SRGB, NULL },
        { "primaries of P3", false, true, "\x00\x00\xb1\x8f", NULL, COLOURS_CONVERTED,
          &display_p3 },
        { "code points of P3", true, false, NULL, "\x0c\x0d\x00\x01", COLOURS_CONVERTED,
          &display_p3 },
        { "code points of sRGB", false, true, NULL, "\x01\x0d\x00\x01", COLOURS_SRGB, NULL },
        { "high dynamic range", false, false, NULL, "\x09\x10\x00\x01", COLOURS_ASSUMED, NULL },
        { "an impossible gamma", false, false, "\0\0\0\1", NULL, COLOURS_SRGB, NULL },
    };
    struct image blocks = colour_blocks();

    (void)unused;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct blob file = png_of(&blocks, 5, 1 << 20), profile;
        struct image image;

        if (all[i].srgb) {
            photo_add_chunk(&file, "sRGB", "", 1);
        }
        if (all[i].gama) {
            photo_add_chunk(&file, "gAMA", all[i].gama, 4);
        }
        if (all[i].chrm) {
            photo_add_chunk(&file, "cHRM", p3, 32);
        }
        if (all[i].cicp) {
            photo_add_chunk(&file, "cICP", all[i].cicp, 4);
        }
        image = decoded(&file, all[i].colours, all[i].what);
        if (all[i].space) {
            profile = rgb_profile(all[i].space);
            expect_colours(&image, &blocks, &profile, 1, all[i].what);
            blob_free(&profile);
        } else {
            assert_memory_equal(image.pixels, blocks.pixels, (size_t)WIDTH * HEIGHT * 3);
        }
        image_free(&image);
        blob_free(&file);
    }
    image_free(&blocks);
}

/* Cameras that store Adobe RGB say so only in EXIF. */
static void the_adobe_rgb_of_cameras_is_applied(void **unused)
{
    static const char exif[] = "Exif\0\0MM\0\x2a\0\0\0\x08"
                               "\0\1\x87\x69\0\4\0\0\0\1\0\0\0\x1a\0\0\0\0"
                               "\0\1\xa0\x05\0\4\0\0\0\1\0\0\0\x2c\0\0\0\0"
                               "\0\1\0\1\0\2\0\0\0\4R03\0\0\0\0\0";
    struct image blocks = colour_blocks(), image;
    struct blob file = photo_jpeg(&blocks), profile = rgb_profile(&adobe_rgb);

    (void)unused;
    photo_add_segment(&file, 0xe1, exif, sizeof exif - 1);
    image = decoded(&file, COLOURS_CONVERTED, "Adobe RGB");
    expect_colours(&image, &blocks, &profile, 2, "Adobe RGB");
    image_free(&image);
    image_free(&blocks);
    blob_free(&file);
    blob_free(&profile);
}

/* -- inks -------------------------------------------------------------------------------------- */

static void inks_are_converted_by_their_profile(void **unused)
{
    uint8_t *inks = malloc((size_t)WIDTH * HEIGHT * 4);
    struct blob profile = cmyk_profile();

    (void)unused;
    fill_blocks(inks, 4, true); /* as Photoshop stores them */
    for (int way = 0; way < 2; way++) {
        struct blob file = photo_jpeg_of(inks, WIDTH, HEIGHT, JCS_CMYK, way ? JCS_YCCK : JCS_CMYK);
        struct image image;

        add_profile(&file, &profile, 60000);
        image = decoded(&file, COLOURS_CONVERTED, way ? "YCCK" : "CMYK");
        for (int n = 0; n < COLOURS; n++) {
            int at = (n / ACROSS * BLOCK + BLOCK / 2) * WIDTH + n % ACROSS * BLOCK + BLOCK / 2;
            double in[4], want[3], apart;

            for (int c = 0; c < 4; c++) { /* in percent */
                in[c] = 100 - inks[at * 4 + c] / 2.55;
            }
            reference(&profile, TYPE_CMYK_DBL, in, want);
            apart = difference(image.pixels + at * 3, want);
            if (apart > 2) {
                fail_msg("way %d, inks %.0f %.0f %.0f %.0f: off by %.2f", way, in[0], in[1], in[2],
                         in[3], apart);
            }
        }
        image_free(&image);
        blob_free(&file);
    }
    free(inks);
    blob_free(&profile);
}

/* Without a profile, the colours are those of offset printing: SWOP coated paper, CGATS TR 006. */
static void inks_without_a_profile_are_those_of_offset_printing(void **unused)
{
    static const struct {
        uint8_t inks[4]; /* percent */
        int rgb[3];      /* computed from the measured XYZ of the patch, relative to the paper */
    } all[] = {
        { { 0, 0, 0, 0 }, { 255, 255, 255 } },   { { 100, 0, 0, 0 }, { 0, 160, 228 } },
        { { 0, 100, 0, 0 }, { 230, 10, 128 } },  { { 0, 0, 100, 0 }, { 255, 237, 0 } },
        { { 0, 100, 100, 0 }, { 229, 32, 37 } }, { { 0, 0, 0, 100 }, { 41, 40, 40 } },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        for (int marked = 0; marked < 2; marked++) {
            uint8_t pixels[16 * 16 * 4];
            struct blob file;
            struct image image;
            struct error err = { 0 };
            uint8_t *adobe;

            for (int p = 0; p < 16 * 16 * 4; p++) {
                uint8_t ink = (uint8_t)(all[i].inks[p % 4] * 255 / 100);

                pixels[p] = marked ? 255 - ink : ink;
            }
            file = photo_jpeg_of(pixels, 16, 16, JCS_CMYK, JCS_CMYK);
            adobe = memmem(file.data, file.size, "Adobe", 5);
            assert_non_null(adobe);
            adobe[0] = marked ? 'A' : 'x';
            if (!image_decode(&file, &seller, &image, NULL, &err)) {
                fail_msg("%s", err.text);
            }
            assert_int_equal(image.colours, COLOURS_ASSUMED);
            for (int c = 0; c < 3; c++) {
                if (abs(image.pixels[c] - all[i].rgb[c]) > 24) {
                    fail_msg("patch %zu, channel %d: %d, not %d", i, c, image.pixels[c],
                             all[i].rgb[c]);
                }
            }
            image_free(&image);
            blob_free(&file);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(profiles_are_applied_in_every_format),
        cmocka_unit_test(the_profile_of_srgb_changes_nothing),
        cmocka_unit_test(unusable_profiles_are_taken_for_srgb),
        cmocka_unit_test(incomplete_segments_of_a_profile_are_taken_for_srgb),
        cmocka_unit_test(profiles_of_grey_are_applied),
        cmocka_unit_test(alpha_is_kept),
        cmocka_unit_test(numbers_of_a_png_are_applied),
        cmocka_unit_test(the_adobe_rgb_of_cameras_is_applied),
        cmocka_unit_test(inks_are_converted_by_their_profile),
        cmocka_unit_test(inks_without_a_profile_are_those_of_offset_printing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

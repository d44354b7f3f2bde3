/* test_colour_source.c - photos with a colour profile come out in sRGB: within one CIEDE2000 of a
 * conversion in double precision, for the profiles and the places in files where they occur. */
#include "lib/colour_photos.h"
#include "lib/photo_webp.h"

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
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

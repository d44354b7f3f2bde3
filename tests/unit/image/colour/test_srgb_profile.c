/* test_srgb_profile.c - every file that is written says that its colours are sRGB, with the same
 * bytes each time. */
#include "lib/photo_files.h"

#include "image/colour/srgb_profile.h"

static bool contains(const struct blob *file, const char *bytes, size_t size)
{
    return memmem(file->data, file->size, bytes, size) != NULL;
}

static void expect_tagged(const struct blob *file, enum image_format format)
{
    struct image_facts facts;
    struct image image;
    struct error err = { 0 };

    assert_true(image_decode(file, NULL, &image, &facts, &err));
    assert_int_equal(facts.format, format);
    assert_int_equal(facts.colours, COLOURS_SRGB); /* the profile is read as that of sRGB */
    assert_int_equal(facts.profile, format == FORMAT_JPEG);
    assert_true(format == FORMAT_JPEG || contains(file, "\0\0\0\1sRGB\0", 9));
    image_free(&image);
}

static void written_files_are_tagged(void **unused)
{
    struct image image = scene(40, 30, 3, 20);

    (void)unused;
    for (int made = 0; made < 2; made++) {
        struct blob png, jpeg, again;
        struct error err;

        assert_true(image_encode_png(&image, made, &png, &err));
        assert_true(image_encode_jpeg(&image, 90, made, &jpeg, &err));
        assert_true(image_encode_jpeg(&image, 90, made, &again, &err));
        expect_tagged(&png, FORMAT_PNG);
        expect_tagged(&jpeg, FORMAT_JPEG);
        assert_int_equal(again.size, jpeg.size);
        assert_memory_equal(again.data, jpeg.data, jpeg.size);
        blob_free(&png);
        blob_free(&jpeg);
        blob_free(&again);
    }
    image_free(&image);
}

/* A model's file gets the tag together with the mark, unless it has one. */
static void marked_files_are_tagged(void **unused)
{
    struct image image = scene(40, 30, 3, 20);
    struct blob files[] = { png_of(&image, 5, 500), photo_jpeg(&image) };
    const struct blob *profile;
    struct error err;

    (void)unused;
    for (int i = 0; i < 2; i++) {
        struct image_facts facts;
        struct blob marked;

        assert_true(image_inspect(&files[i], NULL, &facts, &err));
        assert_false(facts.profile);
        assert_true(image_mark(&files[i], &facts, &marked, &err));
        expect_tagged(&marked, facts.format);
        blob_free(&marked);
        blob_free(&files[i]);
    }
    assert_true(srgb_profile(&profile, &err));
    assert_in_range(profile->size, 300, 1000);
    assert_true(srgb_profile_is(profile));
    image_free(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_files_are_tagged),
        cmocka_unit_test(marked_files_are_tagged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_decode_tiff.c - TIFF photos of the usual compressions and kinds of pixels; damaged ones and
 * false sizes are rejected. */
#include "lib/photo_heif.h"

static const struct image_bounds seller = { .from_seller = true };

static const struct {
    const char *name;
    int tolerance;
    bool alpha, turned;
} all[] = {
    { "lzw.tif", 0, false, false },          { "deflate.tif", 0, false, false },
    { "packbits.tif", 0, false, false },     { "jpeg.tif", 6, false, false },
    { "alpha.tif", 1, true, false },         { "palette.tif", 12, false, false },
    { "turned.tif", 0, false, true },        { "pages.tif", 0, false, false },
    { "sixteen_bits.tif", 1, false, false },
};

static void every_kind_is_decoded(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct blob file = photo_file(all[i].name);
        struct image_facts facts;
        struct image image;
        struct error err = { 0 };

        if (!image_decode(&file, &seller, &image, &facts, &err)) {
            fail_msg("%s: %s", all[i].name, err.text);
        }
        assert_int_equal(facts.format, FORMAT_TIFF);
        assert_int_equal(image.width, all[i].turned ? 48 : 64);
        assert_int_equal(image.height, all[i].turned ? 64 : 48);
        assert_int_equal(image.channels, all[i].alpha ? 4 : 3);
        for (int at = 0; at < 64 * 48; at++) {
            int x = at % image.width, y = at / image.width;
            int want[3] = { 40 + 2 * (all[i].turned ? y : x), 30 + 3 * (all[i].turned ? 47 - x : y),
                            90 };
            const uint8_t *got = image.pixels + at * image.channels;

            if (all[i].alpha) {
                assert_int_equal(got[3], x < 16 ? 0 : x < 32 ? 128 : 255);
            }
            for (int c = 0; c < 3 && (!all[i].alpha || x >= 16); c++) {
                if (abs(got[c] - want[c]) > all[i].tolerance) {
                    fail_msg("%s at %d, %d: %d, not %d", all[i].name, x, y, got[c], want[c]);
                }
            }
        }
        image_free(&image);
        blob_free(&file);
    }
}

static void inks_are_converted(void **unused)
{
    struct blob file = photo_file("inks.tif");
    struct image image;
    struct error err;

    (void)unused; /* magenta on yellow, without a profile: see test_cmyk.c */
    assert_true(image_decode(&file, &seller, &image, NULL, &err));
    assert_int_equal(image.colours, COLOURS_ASSUMED);
    assert_in_range(image.pixels[0], 205, 255);
    assert_in_range(image.pixels[1], 8, 60);
    assert_in_range(image.pixels[2], 13, 61);
    image_free(&image);
    blob_free(&file);
}

static void damaged_files_are_rejected(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct blob file = photo_file(all[i].name);
        struct image image;
        struct error err = { 0 };

        if (strcmp(all[i].name, "pages.tif") != 0) { /* which ends with another page */
            for (size_t size = 0; size < file.size / 2; size += 1 + size / 30) {
                uint8_t *exact = malloc(size + 1);
                struct blob cut = { .data = exact, .size = size };

                memcpy(exact, file.data, size);
                if (image_decode(&cut, &seller, &image, NULL, &err)) {
                    fail_msg("%s, cut to %zu bytes", all[i].name, size);
                }
                assert_int_equal(err.kind, ERROR_INPUT);
                free(exact);
            }
        }
        blob_free(&file);
    }
}

static void a_false_size_is_rejected(void **unused)
{
    struct blob file = photo_file("sixteen_bits.tif");
    struct image image;
    struct error err;

    (void)unused;
    memcpy(file.data + 10 + 8, "\xff\xff\0\0", 4); /* the width, the first entry */
    memcpy(file.data + 22 + 8, "\xff\xff\0\0", 4);
    assert_false(image_decode(&file, &seller, &image, NULL, &err));
    assert_int_equal(err.cause, IMAGE_TOO_LARGE);
    memcpy(file.data + 10 + 8, "\x10\x27\0\0", 4); /* 10000 x 48: the strip is too short */
    memcpy(file.data + 22 + 8, "\x30\0\0\0", 4);
    assert_false(image_decode(&file, &seller, &image, NULL, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    blob_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_decoded),
        cmocka_unit_test(inks_are_converted),
        cmocka_unit_test(damaged_files_are_rejected),
        cmocka_unit_test(a_false_size_is_rejected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_decode_heif.c - HEIC and AVIF photos: size, turning, cropping, tiles, colours; what is cut
 * off or declares what it cannot hold is rejected. */
#include "lib/photo_heif.h"

static const struct image_bounds seller = { .from_seller = true };

static void expect_first_pixel(const struct image *image, const struct heif_case *expected)
{
    int want[3] = { 40 + expected->first[0] * 2, 30 + expected->first[1] * 3, 90 };

    for (int c = 0; c < 3; c++) {
        if (abs(image->pixels[c] - want[c]) > 6) {
            fail_msg("%s: %d, not %d", expected->name, image->pixels[c], want[c]);
        }
    }
}

static void every_file_is_decoded(void **unused)
{
    (void)unused;
    for (int i = 0; i < HEIF_CASES; i++) {
        struct blob file = photo_file(heif_cases[i].name);
        struct image_facts facts;
        struct image image;
        struct error err = { 0 };

        if (!image_decode(&file, &seller, &image, &facts, &err)) {
            fail_msg("%s: %s", heif_cases[i].name, err.text);
        }
        assert_int_equal(image.width, heif_cases[i].width);
        assert_int_equal(image.height, heif_cases[i].height);
        assert_int_equal(facts.width, heif_cases[i].width);
        assert_int_equal(image.channels, heif_cases[i].alpha ? 4 : 3);
        assert_int_equal(facts.colours, heif_cases[i].colours);
        if (heif_cases[i].colours == COLOURS_SRGB) {
            expect_first_pixel(&image, &heif_cases[i]);
        }
        image_free(&image);
        blob_free(&file);
    }
}

/* The red of the right edge is stronger in Display P3 than the same numbers in sRGB. */
static void display_p3_is_converted(void **unused)
{
    static const char *const names[] = { "p3_profile.heic", "p3_codes.avif" };

    (void)unused;
    for (int i = 0; i < 2; i++) {
        struct blob file = photo_file(names[i]);
        const uint8_t *right;
        struct image image;
        struct error err;

        assert_true(image_decode(&file, &seller, &image, NULL, &err));
        right = image.pixels + 63 * image.channels; /* 166 30 90 in Display P3 */
        assert_in_range(right[0], 175, 190);
        assert_in_range(right[1], 0, 8);
        assert_in_range(right[2], 82, 98);
        image_free(&image);
        blob_free(&file);
    }
}

static void a_photo_is_decoded_smaller(void **unused)
{
    struct blob file = photo_file("grid.avif");
    const struct image_bounds half = { .from_seller = true, .enough_edge = 64 };
    struct image image;
    struct error err;

    (void)unused;
    assert_true(image_decode(&file, &half, &image, NULL, &err));
    assert_int_equal(image.width, 64);
    assert_int_equal(image.height, 64);
    image_free(&image);
    blob_free(&file);
}

/* A model never answers so, and its answers must be in a format that can be stored. */
static void a_models_answer_is_rejected(void **unused)
{
    struct blob file = photo_file("plain.avif");
    struct image image;
    struct error err;

    (void)unused;
    assert_false(image_decode(&file, NULL, &image, NULL, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    blob_free(&file);
}

static void truncated_files_are_rejected(void **unused)
{
    (void)unused;
    for (int i = 0; i < 2; i++) {
        struct blob file = photo_file(heif_cases[i].name);

        for (size_t size = 0; size < file.size; size += 1 + size / 20) {
            uint8_t *exact = malloc(size + (size == 0));
            struct blob cut = { .data = exact, .size = size };
            struct image image;
            struct error err = { 0 };

            memcpy(exact, file.data, size);
            if (image_decode(&cut, &seller, &image, NULL, &err)) {
                fail_msg("%s, cut to %zu bytes", heif_cases[i].name, size);
            }
            assert_int_equal(err.kind, ERROR_INPUT);
            free(exact);
        }
        blob_free(&file);
    }
}

/* The declared size is changed; the picture has another one. */
static void a_false_size_is_rejected(void **unused)
{
    static const struct {
        const char *bytes;
        const char *reason;
    } all[] = {
        { "\0\0\xff\xff\0\0\xff\xff", "megapixels" }, { "\0\1\0\0\0\0\0\1", "size" },
        { "\0\0\x27\x0f\0\0\x27\x0f", "can hold" },   { "\0\0\0\0\0\0\0\0", "size" },
        { "\0\0\0\x41\0\0\0\x31", "another size" },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct blob file = photo_file("plain.avif");
        const struct image_bounds bounds = { .from_seller = true, .max_pixels = 100 * 1000 * 1000 };
        uint8_t *size = memmem(file.data, file.size, "ispe", 4);
        struct image image;
        struct error err = { 0 };

        assert_non_null(size);
        memcpy(size + 8, all[i].bytes, 8);
        assert_false(image_decode(&file, &bounds, &image, NULL, &err));
        if (!strstr(err.text, all[i].reason)) {
            fail_msg("%zu: %s", i, err.text);
        }
        blob_free(&file);
    }
}

/* Any byte of the structure may be wrong: the walk stays within the file. */
static void changed_bytes_are_survived(void **unused)
{
    struct blob file = photo_file("grid.heic");
    uint64_t state = 3;

    (void)unused;
    for (int round = 0; round < 20000; round++) {
        uint8_t *exact = malloc(file.size);
        struct blob changed = { .data = exact, .size = file.size };
        struct image_facts facts;
        struct error err = { 0 };

        memcpy(exact, file.data, file.size);
        for (int n = 0; n < 3; n++) {
            exact[random_below(&state, 800)] = (uint8_t)random_below(&state, 256);
        }
        if (image_inspect(&changed, &seller, &facts, &err)) {
            assert_true(facts.width > 0 && facts.height > 0);
        } else {
            assert_int_equal(err.kind, ERROR_INPUT);
        }
        free(exact);
    }
    blob_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_is_decoded),
        cmocka_unit_test(display_p3_is_converted),
        cmocka_unit_test(a_photo_is_decoded_smaller),
        cmocka_unit_test(a_models_answer_is_rejected),
        cmocka_unit_test(truncated_files_are_rejected),
        cmocka_unit_test(a_false_size_is_rejected),
        cmocka_unit_test(changed_bytes_are_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

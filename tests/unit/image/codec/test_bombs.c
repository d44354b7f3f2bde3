/* test_bombs.c - files that declare more pixels than they hold are rejected before any memory is
 * allocated; files that do hold them are not. */
#include "lib/bombs.h"
#include "lib/test_images.h"

#include "image/decode_plan.h"

static const struct image_bounds photo = { .max_pixels = 100 * 1000 * 1000 };

static void rejected(struct blob file, const char *what)
{
    struct image_facts facts;
    struct error err = { 0 };

    if (image_inspect(&file, &photo, &facts, &err)) {
        fail_msg("%s of %zu bytes", what, file.size);
    }
    assert_int_equal(err.kind, ERROR_INPUT);
    if (!strstr(err.text, "can hold")) {
        fail_msg("%s: %s", what, err.text);
    }
    blob_free(&file);
}

static void headers_without_data_are_rejected(void **unused)
{
    struct blob png = { 0 };

    (void)unused;
    rejected(bomb_bmp(10000, 10000, 24), "BMP");
    rejected(bomb_bmp(10000, 10000, 1), "BMP of one bit");
    rejected(bomb_bmp(1, 100000, 32), "narrow BMP");
    rejected(bomb_gif(10000, 10000), "GIF");
    rejected(bomb_webp(10000, 10000), "WebP");
    rejected(bomb_jpeg(64, 9999, false), "JPEG");
    rejected(bomb_jpeg(64, 9999, true), "progressive JPEG");
    png_open(&png, (struct png_kind){ 9900, 9900, 8, 2, 0, 0, 0 });
    png_chunk(&png, "IDAT", "x", 1);
    png_chunk(&png, "IEND", NULL, 0);
    rejected(png, "PNG");
    png = (struct blob){ 0 };
    png_open(&png, (struct png_kind){ 9900, 9900, 1, 0, 0, 0, 1 });
    png_chunk(&png, "IDAT", "x", 1);
    png_chunk(&png, "IEND", NULL, 0);
    rejected(png, "interlaced PNG of one bit");
}

/* The limits are exact: these files are the smallest that their format allows. */
static void the_smallest_files_of_their_size_are_accepted(void **unused)
{
    struct blob files[] = { bomb_png(3000, 3000, false), bomb_png(900, 900, true),
                            bomb_jpeg(3000, 0, false), bomb_jpeg(3000, 0, true) };

    (void)unused;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct image_facts facts;
        struct image image;
        struct error err = { 0 };

        if (!image_inspect(&files[i], &photo, &facts, &err)) {
            fail_msg("%zu: %s", i, err.text);
        }
        assert_true((uint64_t)facts.min_bytes <= files[i].size);
        assert_true(image_decode(&files[i], &photo, &image, NULL, &err));
        image_free(&image);
        blob_free(&files[i]);
    }
}

static void a_depth_that_does_not_exist_is_rejected(void **unused)
{
    struct blob file = bomb_bmp(10000, 10000, 0);
    struct image_facts facts;
    struct error err;

    (void)unused;
    assert_false(image_inspect(&file, &photo, &facts, &err));
    blob_free(&file);
}

static void too_many_pixels_or_bytes_are_too_large(void **unused)
{
    struct blob file = bomb_png(200, 100, false);
    struct image_facts facts;
    struct error err;

    (void)unused;
    assert_false(image_inspect(&file, &(struct image_bounds){ .max_pixels = 19999 }, &facts, &err));
    assert_int_equal(err.cause, IMAGE_TOO_LARGE);
    assert_false(image_inspect(&file, &(struct image_bounds){ .max_bytes = 10 }, &facts, &err));
    assert_int_equal(err.cause, IMAGE_TOO_LARGE);
    blob_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_without_data_are_rejected),
        cmocka_unit_test(the_smallest_files_of_their_size_are_accepted),
        cmocka_unit_test(a_depth_that_does_not_exist_is_rejected),
        cmocka_unit_test(too_many_pixels_or_bytes_are_too_large),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

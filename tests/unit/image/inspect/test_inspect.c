/* test_inspect.c - declared facts of each format; rejects truncated files, files with data after
 * their end, and files that are too large. */
#include "lib/test_images.h"

#include <webp/encode.h>

static struct blob jpeg_of(int width, int height)
{
    struct image image = scene(width, height, 3, 20);
    struct blob file;
    struct error err;

    assert_true(image_encode_jpeg(&image, 90, false, &file, &err));
    image_free(&image);
    return file;
}

static struct blob webp_of(int width, int height, int channels, bool lossless)
{
    struct image image = scene(width, height, channels, 20);
    int stride = width * channels;
    uint8_t *data = NULL, *p = image.pixels;
    struct blob file = { 0 };
    size_t size = channels == 4 ? lossless ? WebPEncodeLosslessRGBA(p, width, height, stride, &data)
                                           : WebPEncodeRGBA(p, width, height, stride, 80, &data)
                  : lossless ? WebPEncodeLosslessRGB(p, width, height, stride, &data)
                                : WebPEncodeRGB(p, width, height, stride, 80, &data);

    put(&file, data, size);
    WebPFree(data);
    image_free(&image);
    return file;
}

static struct blob png_file(int width, int height, int channels)
{
    struct image image = scene(width, height, channels, 20);
    struct blob file = png_of(&image, 5, 100);

    image_free(&image);
    return file;
}

/* One pixel, red; GIF89a. */
static struct blob gif_file(void)
{
    static const uint8_t bytes[] = "GIF89a\x01\0\x01\0\x80\0\0\xff\0\0\0\0\0\x2c\0\0\0\0\x01\0\x01"
                                   "\0\0\x02\x02\x44\x01\0\x3b";
    struct blob file = { 0 };

    put(&file, bytes, sizeof bytes - 1);
    return file;
}

/* Two by one pixels, blue and green; 24 bits per pixel. */
static struct blob bmp_file(void)
{
    static const uint8_t bytes[] =
        "BM\x3e\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x02\0\0\0\x01\0\0\0\x01\0\x18\0\0\0\0\0\x08\0\0\0"
        "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\0\0\0\xff\0\0\0";
    struct blob file = { 0 };

    put(&file, bytes, sizeof bytes - 1);
    return file;
}

static struct {
    enum image_format format;
    int width, height;
    bool alpha;
    struct blob file;
} all[10];

static int make_all(void **unused)
{
    int n = 0;

#define ADD(format, w, h, alpha, ...)                                                              \
    all[n++] = (__typeof__(*all)){ format, w, h, alpha, __VA_ARGS__ }
    ADD(FORMAT_PNG, 30, 20, false, png_file(30, 20, 3));
    ADD(FORMAT_PNG, 7, 9, true, png_file(7, 9, 4));
    ADD(FORMAT_JPEG, 30, 20, false, jpeg_of(30, 20));
    ADD(FORMAT_WEBP, 33, 21, false, webp_of(33, 21, 3, false));
    ADD(FORMAT_WEBP, 33, 21, true, webp_of(33, 21, 4, false));
    ADD(FORMAT_WEBP, 33, 21, false, webp_of(33, 21, 3, true));
    ADD(FORMAT_WEBP, 33, 21, true, webp_of(33, 21, 4, true));
    ADD(FORMAT_GIF, 1, 1, true, gif_file());
    ADD(FORMAT_BMP, 2, 1, false, bmp_file());
#undef ADD
    (void)unused;
    return 0;
}

static int free_all(void **unused)
{
    for (int i = 0; i < 9; i++) {
        blob_free(&all[i].file);
    }
    (void)unused;
    return 0;
}

static void facts_match_the_pixels(void **unused)
{
    (void)unused;
    for (int i = 0; i < 9; i++) {
        struct image_facts facts;
        struct image image;
        struct error err = { 0 };

        if (!image_inspect(&all[i].file, NULL, &facts, &err)) {
            fail_msg("%d: %s", i, err.text);
        }
        assert_int_equal(facts.format, all[i].format);
        assert_int_equal(facts.width, all[i].width);
        assert_int_equal(facts.height, all[i].height);
        assert_int_equal(facts.alpha, all[i].alpha);
        assert_false(facts.ai_mark);
        assert_true(image_decode(&all[i].file, NULL, &image, NULL, &err));
        assert_int_equal(image.width, all[i].width);
        assert_int_equal(image.channels, all[i].alpha ? 4 : 3);
        image_free(&image);
    }
}

static void gif_and_bmp_are_decoded(void **unused)
{
    struct image gif, bmp;
    struct error err;

    (void)unused;
    assert_true(image_decode(&all[7].file, NULL, &gif, NULL, &err));
    assert_memory_equal(gif.pixels, "\xff\0\0\xff", 4);
    assert_true(image_decode(&all[8].file, NULL, &bmp, NULL, &err));
    assert_memory_equal(bmp.pixels, "\0\0\xff\0\xff\0", 6);
    image_free(&gif);
    image_free(&bmp);
}

/* Truncated files are rejected by the parser or the decoder, and give no pixels. */
static void truncated_files_are_rejected(void **unused)
{
    (void)unused;
    for (int i = 0; i < 9; i++) {
        for (size_t size = 0; size < all[i].file.size; size++) {
            uint8_t *exact = malloc(size + (size == 0));
            struct blob file = { .data = exact, .size = size };
            struct error err = { 0 };
            struct image image;

            memcpy(exact, all[i].file.data, size);
            if (image_decode(&file, NULL, &image, NULL, &err)) {
                fail_msg("format %d of %zu bytes, cut to %zu", (int)all[i].format, all[i].file.size,
                         size);
            }
            assert_int_equal(err.kind, ERROR_INPUT);
            assert_null(image.pixels);
            free(exact);
        }
    }
}

static void data_after_the_end_is_rejected(void **unused)
{
    (void)unused;
    for (int i = 0; i < 7; i++) {
        struct blob file = { 0 };
        struct image_facts facts;
        struct error err;

        put(&file, all[i].file.data, all[i].file.size);
        put(&file, "x", 1);
        assert_false(image_inspect(&file, NULL, &facts, &err));
        assert_int_equal(err.kind, ERROR_INPUT);
        blob_free(&file);
    }
}

static void limits_are_enforced(void **unused)
{
    (void)unused;
    for (int i = 0; i < 9; i++) {
        int64_t pixels = (int64_t)all[i].width * all[i].height;
        struct image_bounds few = { .max_pixels = pixels - 1 }, enough = { .max_pixels = pixels };
        struct image_bounds short_one = { .max_bytes = all[i].file.size - 1 };
        struct image_facts facts;
        struct error err;

        assert_true(image_inspect(&all[i].file, &enough, &facts, &err));
        assert_false(image_inspect(&all[i].file, &short_one, &facts, &err));
        if (pixels > 1) {
            assert_false(image_inspect(&all[i].file, &few, &facts, &err));
            assert_int_equal(err.kind, ERROR_INPUT);
        }
    }
}

/* Headers that declare excessive sizes are rejected before memory is allocated. */
static void excessive_sizes_are_rejected(void **unused)
{
    struct blob files[4] = { png_file(3, 3, 3), jpeg_of(8, 8), gif_file(), bmp_file() };
    struct image image;
    struct error err;

    (void)unused;
    blob_free(&files[0]);
    png_open(&files[0], (struct png_kind){ 60000, 60000, 16, 6, 0, 0, 0 });
    png_chunk(&files[0], "IDAT", "x", 1);
    png_chunk(&files[0], "IEND", NULL, 0);
    for (size_t at = 2; at + 9 < files[1].size; at++) {
        if (files[1].data[at] == 0xff && files[1].data[at + 1] == 0xc0) {
            memset(files[1].data + at + 5, 0xff, 4);
        }
    }
    memset(files[2].data + 6, 0xff, 4);
    memcpy(files[3].data + 18, "\0\0\1\0\0\0\1\0", 8);
    for (int i = 0; i < 4; i++) {
        assert_false(image_decode(&files[i], NULL, &image, NULL, &err));
        assert_int_equal(err.kind, ERROR_INPUT);
        assert_non_null(strstr(err.text, "megapixels"));
        blob_free(&files[i]);
    }
}

static void other_files_are_rejected(void **unused)
{
    static const char *const texts[] = { "",
                                         "x",
                                         "<!DOCTYPE html>",
                                         "BM",
                                         "GIF8",
                                         "\xff\xd8\xff",
                                         "\x89PNG\r\n\x1a\n",
                                         "RIFF....WEBP",
                                         "II*" };

    (void)unused;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct blob file = blob_text(texts[i]);
        struct image_facts facts;
        struct error err;

        assert_false(image_inspect(&file, NULL, &facts, &err));
        assert_int_equal(err.kind, ERROR_INPUT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_match_the_pixels),
        cmocka_unit_test(gif_and_bmp_are_decoded),
        cmocka_unit_test(truncated_files_are_rejected),
        cmocka_unit_test(data_after_the_end_is_rejected),
        cmocka_unit_test(limits_are_enforced),
        cmocka_unit_test(excessive_sizes_are_rejected),
        cmocka_unit_test(other_files_are_rejected),
    };

    return cmocka_run_group_tests(tests, make_all, free_all);
}

/* test_decoder_formats.c - a decoder process gives the same pixels as this process, for every
 * format, at full and at smaller sizes, within the memory that the plan names. */
#include "lib/bombs.h"
#include "lib/photo_heif.h"

#include <webp/encode.h>

#include "decoder/decoder_pool.h"
#include "decoder/decoder_server.h"

static struct blob jpeg_of(const struct image *image)
{
    struct blob file;
    struct error err;

    assert_true(image_encode_jpeg(image, 92, false, &file, &err));
    return file;
}

static struct blob webp_of(const struct image *image, bool lossless)
{
    struct blob file = { 0 };
    uint8_t *data = NULL, *p = image->pixels;
    int w = image->width, h = image->height;
    size_t size = lossless ? WebPEncodeLosslessRGBA(p, w, h, w * 4, &data)
                           : WebPEncodeRGBA(p, w, h, w * 4, 90, &data);

    put(&file, data, size);
    WebPFree(data);
    return file;
}

static struct blob bmp_of(uint32_t side)
{
    struct blob file = bomb_bmp(side, side, 24);

    for (uint32_t i = 0; i < side * side * 3; i++) {
        uint8_t byte = (uint8_t)(i * 7);

        bomb_add(&file, &byte, 1);
    }
    return file;
}

/* Adds an EXIF orientation that swaps the sides. */
static struct blob turned(struct blob jpeg)
{
    static const char exif[] = "\xff\xe1\x00\x22"
                               "Exif\0\0"
                               "MM\x00\x2a\x00\x00\x00\x08"
                               "\x00\x01"
                               "\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00"
                               "\x00\x00\x00\x00";
    struct blob file = { 0 };

    put(&file, jpeg.data, 2);
    put(&file, exif, 36);
    put(&file, jpeg.data + 2, jpeg.size - 2);
    blob_free(&jpeg);
    return file;
}

static void expect_same(const struct blob *file, int edge, const char *what)
{
    struct image_bounds bounds = { .from_seller = true,
                                   .max_pixels = 100000000,
                                   .enough_edge = edge };
    struct image here, there;
    struct image_facts facts;
    struct decode_plan plan;
    struct error err = { 0 };

    assert_true(decode_plan_make(file, &bounds, SIZE_MAX, &plan, &err));
    assert_true(decode_planned(file, &plan, NULL, &here, &err));
    if (!image_decode(file, &bounds, &there, &facts, &err)) {
        fail_msg("%s at %d: %s", what, edge, err.text);
    }
    assert_int_equal(there.width, here.width);
    assert_int_equal(there.height, here.height);
    assert_int_equal(there.channels, here.channels);
    assert_true(there.storage.decoder_cpu_us > 0);
    assert_memory_equal(there.pixels, here.pixels,
                        (size_t)here.width * (size_t)here.height * (size_t)here.channels);
    image_free(&here);
    image_free(&there);
}

static void every_format_gives_the_same_pixels(void **unused)
{
    struct image rgb = scene(401, 299, 3, 20), rgba = scene(401, 299, 4, 20);
    struct {
        const char *name;
        struct blob file;
    } all[] = {
        { "PNG", png_of(&rgb, 5, 5000) },
        { "PNG with alpha", png_of(&rgba, 5, 1 << 20) },
        { "interlaced PNG", bomb_png(600, 600, true) },
        { "JPEG", jpeg_of(&rgb) },
        { "turned JPEG", turned(jpeg_of(&rgb)) },
        { "progressive JPEG", bomb_jpeg(1500, 0, true) },
        { "WebP", webp_of(&rgba, false) },
        { "lossless WebP", webp_of(&rgba, true) },
        { "GIF", bomb_gif(300, 300) },
        { "BMP", bmp_of(300) },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        for (int edge = 0; edge <= 200; edge += 50) {
            expect_same(&all[i].file, edge, all[i].name);
        }
        blob_free(&all[i].file);
    }
    image_free(&rgb);
    image_free(&rgba);
}

static void heif_photos_give_the_same_pixels(void **unused)
{
    (void)unused;
    for (int i = 0; i < HEIF_CASES; i++) {
        struct blob file = photo_file(heif_cases[i].name);

        for (int edge = 0; edge <= 32; edge += 32) {
            expect_same(&file, edge, heif_cases[i].name);
        }
        blob_free(&file);
    }
}

static void tiff_photos_give_the_same_pixels(void **unused)
{
    static const char *const names[] = { "lzw.tif",    "jpeg.tif", "alpha.tif",       "palette.tif",
                                         "turned.tif", "inks.tif", "sixteen_bits.tif" };

    (void)unused;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct blob file = photo_file(names[i]);

        for (int edge = 0; edge <= 32; edge += 32) {
            expect_same(&file, edge, names[i]);
        }
        blob_free(&file);
    }
}

static void large_photos_need_little_memory(void **unused)
{
    struct blob files[] = { bomb_png(9900, 9900, false), bomb_jpeg(9900, 0, false) };

    (void)unused;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        expect_same(&files[i], 2000, "large photo");
        blob_free(&files[i]);
    }
}

int main(int argc, char **argv)
{
    static const char *own[] = { "test", DECODER_COMMAND, NULL };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_gives_the_same_pixels),
        cmocka_unit_test(heif_photos_give_the_same_pixels),
        cmocka_unit_test(tiff_photos_give_the_same_pixels),
        cmocka_unit_test(large_photos_need_little_memory),
    };
    struct decoder_pool_config config = { .processes = 1, .argv = own, .cpu_seconds = 120 };
    struct error err;
    int failed;

    if (argc == 2 && strcmp(argv[1], DECODER_COMMAND) == 0) {
        return decoder_serve(decode_planned);
    }
    if (!decoder_pool_open(&config, &err)) {
        return 1;
    }
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    decoder_pool_close();
    return failed;
}

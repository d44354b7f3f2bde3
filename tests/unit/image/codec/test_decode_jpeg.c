/* test_decode_jpeg.c - decoding of baseline, progressive and grey JPEG, orientation, warnings. */
#include "lib/test_images.h"

#include <stdio.h>

#include <jpeglib.h>

struct way {
    int channels;
    J_COLOR_SPACE space;
    bool progressive, arithmetic;
    int restart;
};

static struct blob jpeg_of(const struct way *way)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr manager;
    unsigned char *data = NULL;
    unsigned long size = 0;
    uint8_t row[32 * 4];
    struct blob file = { 0 };

    jpeg.err = jpeg_std_error(&manager);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &data, &size);
    jpeg.image_width = 32;
    jpeg.image_height = 24;
    jpeg.input_components = way->channels;
    jpeg.in_color_space = way->space;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, 95, TRUE);
    if (way->progressive) {
        jpeg_simple_progression(&jpeg);
    }
    jpeg.arith_code = way->arithmetic;
    jpeg.restart_interval = (unsigned)way->restart;
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < 24) {
        JSAMPROW line = row;

        for (int i = 0; i < 32 * way->channels; i++) {
            row[i] = (uint8_t)(i / way->channels * 6 + (int)jpeg.next_scanline * 2);
        }
        jpeg_write_scanlines(&jpeg, &line, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    put(&file, data, size);
    free(data);
    return file;
}

static void each_kind_is_decoded(void **unused)
{
    static const struct way ways[] = {
        { 3, JCS_RGB, false, false, 0 },       { 3, JCS_RGB, true, false, 0 },
        { 3, JCS_RGB, false, false, 1 },       { 3, JCS_RGB, false, true, 0 },
        { 1, JCS_GRAYSCALE, false, false, 0 }, { 1, JCS_GRAYSCALE, true, false, 0 },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct blob file = jpeg_of(&ways[i]);
        struct image image;
        struct error err;

        assert_true(image_decode(&file, NULL, &image, NULL, &err));
        assert_int_equal(image.channels, 3);
        for (int at = 0; at < 32 * 24; at++) {
            int want = at % 32 * 6 + at / 32 * 2;

            for (int c = 0; c < 3; c++) {
                assert_true(abs(image.pixels[at * 3 + c] - want) <= 6);
            }
        }
        image_free(&image);
        blob_free(&file);
    }
}

/* Position in the stored image of the top left pixel of the upright image, per orientation. */
static void orientation_is_applied(void **unused)
{
    static const int corner[9][2] = { { 0, 0 }, { 0, 0 },  { 31, 0 },  { 31, 23 }, { 0, 23 },
                                      { 0, 0 }, { 0, 23 }, { 31, 23 }, { 31, 0 } };
    struct blob plain = jpeg_of(&(struct way){ .channels = 3, .space = JCS_RGB });

    (void)unused;
    for (int o = 1; o <= 8; o++) {
        char exif[] = "\xff\xe1\x00\x22"
                      "Exif\0\0"
                      "MM\x00\x2a\x00\x00\x00\x08"
                      "\x00\x01"
                      "\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00"
                      "\x00\x00\x00\x00";
        struct blob file = { 0 };
        struct image_facts facts;
        struct image image;
        struct error err;
        int want = corner[o][0] * 6 + corner[o][1] * 2;

        exif[29] = (char)o;
        put(&file, plain.data, 2);
        put(&file, exif, 36);
        put(&file, plain.data + 2, plain.size - 2);
        assert_true(image_decode(&file, NULL, &image, &facts, &err));
        assert_int_equal(image.width, o >= 5 ? 24 : 32);
        assert_int_equal(facts.width, image.width);
        assert_int_equal(facts.height, o >= 5 ? 32 : 24);
        if (abs(image.pixels[0] - want) > 6) {
            fail_msg("orientation %d: %d, not %d", o, image.pixels[0], want);
        }
        image_free(&image);
        blob_free(&file);
    }
    blob_free(&plain);
}

/* A truncated file with an end marker appended, for which libjpeg only warns. */
static void truncated_data_with_an_end_marker_is_rejected(void **unused)
{
    struct blob whole = jpeg_of(&(struct way){ .channels = 3, .space = JCS_RGB });

    (void)unused;
    for (size_t left = 30; left <= 300; left += 30) {
        struct blob file = { 0 };
        struct image image;
        struct error err;

        put(&file, whole.data, whole.size - left);
        put(&file, "\xff\xd9", 2);
        assert_false(image_decode(&file, NULL, &image, NULL, &err));
        assert_null(image.pixels);
        blob_free(&file);
    }
    blob_free(&whole);
}

/* Hundreds of scans take seconds to decode, so their number is limited. */
static void too_many_scans_are_rejected(void **unused)
{
    struct blob whole = jpeg_of(&(struct way){ 3, JCS_RGB, true, false, 0 }), file = { 0 };
    const uint8_t *scan = memmem(whole.data, whole.size, "\xff\xda", 2);
    size_t head, tail;
    struct image_facts facts;
    struct error err;

    (void)unused;
    assert_non_null(scan);
    head = (size_t)(scan - whole.data);
    tail = whole.size - head - 2;
    put(&file, whole.data, head);
    for (int i = 0; i < 101; i++) {
        put(&file, scan, tail);
    }
    put(&file, "\xff\xd9", 2);
    assert_false(image_inspect(&file, NULL, &facts, &err));
    assert_non_null(strstr(err.text, "scans"));
    blob_free(&whole);
    blob_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_is_decoded),
        cmocka_unit_test(orientation_is_applied),
        cmocka_unit_test(truncated_data_with_an_end_marker_is_rejected),
        cmocka_unit_test(too_many_scans_are_rejected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_broken_png.c - truncated, damaged and unusual PNG files are rejected or passed to libpng. */
#include "lib/test_images.h"

#include "image/codec/decode.h"

static bool decode(const struct blob *file, struct image *out)
{
    struct error err = { 0 };
    bool good = image_decode(file, NULL, out, NULL, &err);

    assert_true(good || (err.kind == ERROR_INPUT && err.text[0] != '\0' && !out->pixels));
    return good;
}

static void assert_rejected(struct blob file)
{
    struct image out;

    assert_false(decode(&file, &out));
    blob_free(&file);
}

static void truncated_files_are_rejected(void **unused)
{
    for (int channels = 3; channels <= 4; channels++) {
        struct image image = scene(9, 5, channels, 100);
        struct blob file = png_of(&image, 4, 40);

        for (size_t size = 0; size < file.size; size++) {
            uint8_t *exact = malloc(size + 1);
            struct image out;

            memcpy(exact, file.data, size);
            assert_false(decode(&(struct blob){ .data = exact, .size = size }, &out));
            free(exact);
        }
        image_free(&image);
        blob_free(&file);
    }
    (void)unused;
}

static void single_bit_errors_are_rejected(void **unused)
{
    struct image image = scene(9, 5, 3, 100), out;
    struct blob file = png_of(&image, 5, 40);

    (void)unused;
    for (size_t bit = 0; bit < file.size * 8; bit++) {
        file.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(decode(&file, &out));
        file.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_true(decode(&file, &out));
    image_free(&out);
    image_free(&image);
    blob_free(&file);
}

struct bad_png {
    size_t raw;         /* bytes of pixel data; 4 rows of 13 are correct */
    uint8_t filter;     /* filter of each row */
    const char *before; /* a chunk before the data */
    const char *after;  /* a chunk after the data */
    const char *end;    /* NULL: no IEND chunk */
    size_t tail;        /* bytes after the zlib stream */
    bool good;
};

static void invalid_streams_are_rejected(void **unused)
{
    static const struct bad_png all[] = {
        { .raw = 52, .end = "IEND", .good = true },
        { .raw = 52, .end = "IEND", .filter = 4, .good = true },
        { .raw = 52, .end = "IEND", .before = "caBX", .good = true },
        { .raw = 51, .end = "IEND" },
        { .raw = 53, .end = "IEND" },
        { .raw = 39, .end = "IEND" },
        { .raw = 0, .end = "IEND" },
        { .raw = 52, .end = "IEND", .filter = 5 },
        { .raw = 52, .end = "IEND", .filter = 255 },
        { .raw = 52 },
        { .raw = 52, .end = "IEND", .tail = 1 },
        { .raw = 52, .end = "IEND", .tail = 500 },
        { .raw = 52, .end = "IEND", .after = "IDAT" },
        { .raw = 52, .end = "IEND", .before = "IHDR" },
        { .raw = 52, .end = "IEND", .before = "ABCD" },
        { .raw = 52, .end = "IEND", .before = "ca\x01X" },
        { .raw = 52, .end = "IEND", .before = "IEND" },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        uint8_t raw[600] = { 0 };
        struct blob file = { 0 }, z;
        struct image out;

        for (size_t row = 0; row < 4; row++) {
            raw[row * 13] = all[i].filter;
        }
        png_open(&file, (struct png_kind){ .width = 4, .height = 4, .depth = 8, .color = 2 });
        if (all[i].before) {
            png_chunk(&file, all[i].before, "abc", 3);
        }
        z = deflated(raw, all[i].raw);
        put(&z, raw, all[i].tail);
        png_chunk(&file, "IDAT", z.data, z.size);
        if (all[i].after) {
            png_chunk(&file, "tEXt", "a\0b", 3);
            png_chunk(&file, all[i].after, "abc", 3);
        }
        if (all[i].end) {
            png_chunk(&file, all[i].end, NULL, 0);
        }
        assert_int_equal(decode(&file, &out), all[i].good);
        image_free(&out);
        blob_free(&file);
        blob_free(&z);
    }
}

static void invalid_headers_are_rejected(void **unused)
{
    static const struct png_kind all[] = {
        { 0, 4, 8, 2, 0, 0, 0 },         { 4, 0, 8, 2, 0, 0, 0 },           { 4, 4, 7, 2, 0, 0, 0 },
        { 4, 4, 8, 1, 0, 0, 0 },         { 4, 4, 8, 2, 1, 0, 0 },           { 4, 4, 8, 2, 0, 1, 0 },
        { 4, 4, 8, 2, 0, 0, 2 },         { 4, 4, 8, 3, 0, 0, 0 },           { 4, 4, 4, 2, 0, 0, 0 },
        { 65536, 1, 8, 2, 0, 0, 0 },     { 0x80000000u, 4, 8, 2, 0, 0, 0 }, { 4, 5, 8, 2, 0, 0, 0 },
        { 60000, 60000, 8, 2, 0, 0, 0 },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        static const uint8_t raw[52];
        struct blob file = { 0 };

        png_open(&file, all[i]);
        png_data(&file, raw, sizeof raw, 1000);
        png_chunk(&file, "IEND", NULL, 0);
        assert_rejected(file);
    }
}

/* Files that the fast decoder does not support go to libpng. */
static void unusual_files_are_left_to_libpng(void **unused)
{
    static const struct {
        const char *type, *body;
        size_t size;
        bool plain, good;
    } all[] = {
        { "caBX", "x", 1, true, true },
        { "iTXt", "XML:com.adobe.xmp\0\0\0\0\0<a/>", 26, true, true },
        { "iTXt", "XML:com.adobe.xmp\0\0\0\0", 21, false, false },
        { "iTXt", "\0\0\0\0\0<a/>", 9, false, false },
        { "tEXt", "Software\0none", 13, true, true },
        { "gAMA", "\x00\x00\xb1\x8f", 4, true, true },
        { "gAMA", "\x00\x00\xb1\x90", 4, false, true },
        { "sRGB", "\x00", 1, true, true },
        { "pHYs", "\0\0\x0b\x12\0\0\x0b\x12\x01", 9, true, true },
        { "cHRM",
          "\0\0\x7a\x26\0\0\x80\x84\0\0\xfa\0\0\0\x80\xe8\0\0\x75\x30"
          "\0\0\xea\x60\0\0\x3a\x98\0\0\x17\x70",
          32, true, true },
        { "gAMA", "\x00\x00\xb1", 3, false, false },
        { "sRGB", "\x09", 1, false, false },
        { "pHYs", "x", 1, false, false },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        static const uint8_t raw[52];
        struct blob file = { 0 };
        struct image out;

        png_open(&file, (struct png_kind){ .width = 4, .height = 4, .depth = 8, .color = 2 });
        png_chunk(&file, all[i].type, all[i].body, all[i].size);
        png_data(&file, raw, sizeof raw, 1000);
        png_chunk(&file, "IEND", NULL, 0);
        assert_int_equal(png_is_plain(&file), all[i].plain);
        assert_int_equal(decode(&file, &out), all[i].good);
        image_free(&out);
        blob_free(&file);
    }
}

/* Chunks that must occur once, before the data. */
static void repeated_or_late_chunks_are_rejected(void **unused)
{
    (void)unused;
    for (int order = 0; order < 3; order++) {
        static const uint8_t raw[52];
        struct blob file = { 0 };
        struct image out;

        png_open(&file, (struct png_kind){ .width = 4, .height = 4, .depth = 8, .color = 2 });
        for (int i = 0; i < order; i++) {
            png_chunk(&file, "sRGB", "", 1);
        }
        png_data(&file, raw, sizeof raw, 1000);
        if (order == 0) {
            png_chunk(&file, "gAMA", "\x00\x00\xb1\x8f", 4);
        }
        png_chunk(&file, "IEND", NULL, 0);
        assert_int_equal(png_is_plain(&file), order == 1);
        if (order == 1) {
            assert_true(decode(&file, &out));
            image_free(&out);
        }
        blob_free(&file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(truncated_files_are_rejected),
        cmocka_unit_test(single_bit_errors_are_rejected),
        cmocka_unit_test(invalid_streams_are_rejected),
        cmocka_unit_test(invalid_headers_are_rejected),
        cmocka_unit_test(unusual_files_are_left_to_libpng),
        cmocka_unit_test(repeated_or_late_chunks_are_rejected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

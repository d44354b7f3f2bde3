/* test_encode.c - PNG is lossless, JPEG is close, and both contain the provenance mark once. */
#include "lib/test_images.h"

#include <stdio.h>

#include <jpeglib.h>

#include "image/codec/decode.h"
#include "image/codec/png_filter.h"
#include "image/codec/xmp.h"

static const char source_type[] =
    "Iptc4xmpExt:DigitalSourceType="
    "\"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia\"";

static int count_of(const struct blob *file, const char *word)
{
    const uint8_t *at = file->data, *end = file->data + file->size;
    int count = 0;

    while ((at = memmem(at, (size_t)(end - at), word, strlen(word)))) {
        at++;
        count++;
    }
    return count;
}

static void png_is_lossless(void **unused)
{
    (void)unused;
    for (int i = 0; i < 48; i++) {
        struct image image =
            scene(1 + i * i % 97, 1 + i * 5 % 31, i % 2 ? 3 : 4, i % 3 ? (size_t)i : 256);
        size_t size = (size_t)image.width * (size_t)image.height * (size_t)image.channels;
        struct image fast, slow;
        struct image_facts facts;
        struct error err;
        struct blob file;

        assert_true(image_encode_png(&image, i % 4 > 1, &file, &err));
        assert_true(image_decode(&file, NULL, &fast, &facts, &err));
        assert_true(png_is_plain(&file));
        assert_true(decode_png_any(&file, &facts, NULL, &slow, &err));
        assert_memory_equal(fast.pixels, image.pixels, size);
        assert_memory_equal(slow.pixels, image.pixels, size);
        assert_int_equal(facts.ai_mark, i % 4 > 1);
        assert_int_equal(count_of(&file, source_type), i % 4 > 1);
        image_free(&image);
        image_free(&fast);
        image_free(&slow);
        blob_free(&file);
    }
}

/* A flat image compresses to almost nothing. */
static void flat_image_is_small(void **unused)
{
    struct image image = scene(1000, 1000, 3, 0);
    struct error err;
    struct blob file;

    (void)unused;
    memset(image.pixels, 255, 3000000);
    assert_true(image_encode_png(&image, false, &file, &err));
    assert_in_range(file.size, 100, 20000);
    image_free(&image);
    blob_free(&file);
}

static void filters_are_the_specified_ones(void **unused)
{
    uint64_t state = 9;

    (void)unused;
    for (int i = 0; i < 300; i++) {
        size_t step = i % 2 ? 3 : 4, size = step * (1 + random_below(&state, 60));
        uint8_t row[240], above[240], room[720], out[241], want[241];

        for (size_t k = 0; k < size; k++) {
            row[k] = (uint8_t)(i % 3 == 0 ? random_below(&state, 256) : k * 3 + (k & 1));
            above[k] = (uint8_t)(i % 3 == 1 ? row[k] + 1u : random_below(&state, 256));
        }
        filter_row(row, above, size, step, room, out);
        assert_true(out[0] == 1 || out[0] == 2 || out[0] == 4);
        png_filter(out[0], row, above, size, step, want);
        assert_memory_equal(out, want, size + 1);
    }
}

static void jpeg_is_close_and_marked(void **unused)
{
    (void)unused;
    for (int marked = 0; marked < 2; marked++) {
        struct image image = scene(120, 80, 3, 2), out;
        struct image_facts facts;
        struct error err;
        struct blob file;
        int64_t gap = 0;

        assert_true(image_encode_jpeg(&image, 92, marked, &file, &err));
        assert_int_equal(count_of(&file, source_type), marked);
        assert_true(image_decode(&file, NULL, &out, &facts, &err));
        assert_int_equal(facts.ai_mark, marked);
        assert_int_equal(out.width, 120);
        assert_int_equal(out.height, 80);
        for (size_t i = 0; i < (size_t)120 * 80 * 3; i++) {
            gap += abs(out.pixels[i] - image.pixels[i]);
        }
        assert_in_range(gap, 0, 120 * 80 * 3 * 8);
        image_free(&image);
        image_free(&out);
        blob_free(&file);
    }
}

static void jpeg_rejects_alpha(void **unused)
{
    struct image image = scene(8, 8, 4, 2);
    struct blob file = { 0 };
    struct error err;

    (void)unused;
    assert_false(image_encode_jpeg(&image, 92, true, &file, &err));
    assert_int_equal(err.kind, ERROR_INTERNAL);
    image_free(&image);
}

/* A lower quality gives a smaller file. */
static void lower_jpeg_quality_is_smaller(void **unused)
{
    struct image image = scene(200, 200, 3, 20);
    struct blob fine, coarse;
    struct error err;

    (void)unused;
    assert_true(image_encode_jpeg(&image, 92, false, &fine, &err));
    assert_true(image_encode_jpeg(&image, 60, false, &coarse, &err));
    assert_true(coarse.size * 3 < fine.size * 2);
    blob_free(&fine);
    blob_free(&coarse);
    image_free(&image);
}

/* The XMP packet has header and trailer, and every element is closed in order. */
static void xmp_packet_is_well_formed(void **unused)
{
    const char *at = xmp_ai_made, *open[8];
    size_t length[8];
    int depth = 0, elements = 0;

    (void)unused;
    assert_int_equal(strncmp(at, "<?xpacket begin=\"\xef\xbb\xbf\"", 20), 0);
    assert_non_null(strstr(at, "<?xpacket end=\"w\"?>"));
    assert_non_null(strstr(at, source_type));
    while ((at = strchr(at, '<'))) {
        const char *end = strchr(at, '>');

        assert_non_null(end);
        if (at[1] == '/') {
            assert_true(depth-- > 0);
            assert_int_equal((size_t)(end - at - 2), length[depth]);
            assert_memory_equal(at + 2, open[depth], length[depth]);
        } else if (at[1] != '?') {
            elements++;
            if (end[-1] != '/') {
                assert_true(depth < 8);
                open[depth] = at + 1;
                length[depth++] = strcspn(at + 1, " >");
            }
        }
        at = end;
    }
    assert_int_equal(depth, 0);
    assert_int_equal(elements, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(png_is_lossless),
        cmocka_unit_test(flat_image_is_small),
        cmocka_unit_test(filters_are_the_specified_ones),
        cmocka_unit_test(jpeg_is_close_and_marked),
        cmocka_unit_test(jpeg_rejects_alpha),
        cmocka_unit_test(lower_jpeg_quality_is_smaller),
        cmocka_unit_test(xmp_packet_is_well_formed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_mark.c - adds the provenance mark to files without changing their pixels. */
#include "lib/test_images.h"

#include <webp/decode.h>
#include <webp/encode.h>

static void marks(struct blob file, const char *kept)
{
    struct image_facts facts, marked_facts;
    struct image before, after;
    struct blob marked, again;
    struct error err;

    assert_true(image_decode(&file, NULL, &before, &facts, &err));
    assert_false(facts.ai_mark);
    assert_true(image_mark(&file, &facts, &marked, &err));
    assert_true(image_decode(&marked, NULL, &after, &marked_facts, &err));
    assert_true(marked_facts.ai_mark);
    assert_int_equal(marked_facts.alpha, facts.alpha);
    assert_in_range(marked.size, file.size + 300, file.size + 1024);
    assert_int_equal(after.width, before.width);
    assert_int_equal(after.height, before.height);
    assert_memory_equal(after.pixels, before.pixels,
                        (size_t)before.width * (size_t)before.height * (size_t)before.channels);
    if (kept) {
        assert_non_null(memmem(marked.data, marked.size, kept, strlen(kept)));
    }
    /* it has a packet now; a second one is rejected */
    assert_false(image_mark(&marked, &marked_facts, &again, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    image_free(&before);
    image_free(&after);
    blob_free(&marked);
    blob_free(&file);
}

static void png_is_marked(void **unused)
{
    (void)unused;
    for (int channels = 3; channels <= 4; channels++) {
        struct image image = scene(20, 10, channels, 30);

        marks(png_of(&image, 5, 30), NULL);
        image_free(&image);
    }
}

static void jpeg_is_marked(void **unused)
{
    struct image image = scene(20, 10, 3, 3);
    struct blob file, with_exif = { 0 };
    struct error err;

    (void)unused;
    assert_true(image_encode_jpeg(&image, 90, false, &file, &err));
    put(&with_exif, file.data, 20); /* start marker and JFIF segment */
    put(&with_exif,
        "\xff\xe1\x00\x10"
        "Exif\0\0II\x2a\0\0\0\0\0",
        18);
    put(&with_exif, file.data + 20, file.size - 20);
    marks(file, "JFIF");
    marks(with_exif, "Exif");
    image_free(&image);
}

/* JFIF stays first and EXIF second, because readers expect them there. */
static void jpeg_segment_order_is_kept(void **unused)
{
    struct image image = scene(20, 10, 3, 3);
    struct image_facts facts;
    struct blob file, marked;
    struct error err;

    (void)unused;
    assert_true(image_encode_jpeg(&image, 90, false, &file, &err));
    assert_true(image_inspect(&file, NULL, &facts, &err));
    assert_true(image_mark(&file, &facts, &marked, &err));
    assert_memory_equal(marked.data, file.data, 20);
    assert_memory_equal(marked.data + 20, "\xff\xe1", 2);
    image_free(&image);
    blob_free(&file);
    blob_free(&marked);
}

static struct blob webp_of(const struct image *image, bool lossless)
{
    uint8_t *data = NULL;
    int w = image->width, h = image->height, stride = w * image->channels;
    struct blob file = { 0 };
    size_t size = image->channels == 4
                      ? lossless ? WebPEncodeLosslessRGBA(image->pixels, w, h, stride, &data)
                                 : WebPEncodeRGBA(image->pixels, w, h, stride, 80, &data)
                  : lossless ? WebPEncodeLosslessRGB(image->pixels, w, h, stride, &data)
                             : WebPEncodeRGB(image->pixels, w, h, stride, 80, &data);

    put(&file, data, size);
    WebPFree(data);
    return file;
}

static void webp_is_marked(void **unused)
{
    (void)unused;
    for (int i = 0; i < 4; i++) {
        struct image image = scene(21, 10, i % 2 ? 3 : 4, 30);

        marks(webp_of(&image, i / 2), NULL);
        image_free(&image);
    }
}

static void other_formats_are_rejected(void **unused)
{
    struct image_facts facts = { .format = FORMAT_GIF };
    struct blob file = blob_text("GIF89a"), out;
    struct error err;

    (void)unused;
    assert_false(image_mark(&file, &facts, &out, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(png_is_marked),
        cmocka_unit_test(jpeg_is_marked),
        cmocka_unit_test(jpeg_segment_order_is_kept),
        cmocka_unit_test(webp_is_marked),
        cmocka_unit_test(other_formats_are_rejected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

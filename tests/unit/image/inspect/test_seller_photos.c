/* test_seller_photos.c - photos as cameras, phones and editors write them are read: with data after
 * their end and faults in metadata, which a model's answer must not have. Their pixels are never
 * allowed to be damaged. */
#include "lib/photo_files.h"
#include "lib/photo_webp.h"

static const struct image_bounds seller = { .from_seller = true };

/* Decodes the photo and compares its size and first pixel. */
static void expect_read(const struct blob *file, const struct image *original, int tolerance,
                        const char *what)
{
    struct image image;
    struct image_facts facts;
    struct error err = { 0 };

    if (!image_decode(file, &seller, &image, &facts, &err)) {
        fail_msg("%s: %s", what, err.text);
    }
    assert_int_equal(image.width, original->width);
    assert_int_equal(image.height, original->height);
    for (int i = 0; i < image.width * image.height; i++) {
        for (int c = 0; c < 3; c++) {
            int got = image.pixels[i * image.channels + c];
            int want = original->pixels[i * original->channels + c];

            if (abs(got - want) > tolerance) {
                fail_msg("%s: %d, not %d", what, got, want);
            }
        }
    }
    image_free(&image);
}

static void expect_rejected(const struct blob *file, const struct image_bounds *bounds,
                            const char *what)
{
    struct image image;
    struct error err = { 0 };

    if (image_decode(file, bounds, &image, NULL, &err)) {
        fail_msg("%s is accepted", what);
    }
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_null(image.pixels);
}

/* A smooth image, which lossy formats keep. */
static struct image smooth(int width, int height)
{
    struct image image = scene(width, height, 3, 0);

    for (int i = 0; i < width * height; i++) {
        image.pixels[i * 3] = (uint8_t)(40 + i % width * 2);
        image.pixels[i * 3 + 1] = (uint8_t)(30 + i / width * 3);
        image.pixels[i * 3 + 2] = 90;
    }
    return image;
}

static void a_jpeg_is_read_up_to_its_end(void **unused)
{
    struct image image = smooth(64, 48);
    struct blob plain = photo_jpeg(&image);
    struct {
        const char *what;
        struct blob tail;
    } all[8] = { { "a second picture (MPF)", photo_copy(&plain) },
                 { "zeros", { 0 } },
                 { "fill bytes", { 0 } },
                 { "a maker's block", { 0 } },
                 { "a start without a picture", { 0 } },
                 { "a video (motion photo)", { 0 } },
                 { "one byte", { 0 } },
                 { "a truncated picture", { 0 } } };

    (void)unused;
    for (int i = 0; i < 4096; i++) {
        put(&all[1].tail, "", 1);
        put(&all[2].tail, "\xff", 1);
        put(&all[3].tail, (uint8_t[]){ (uint8_t)(i * 37) }, 1);
    }
    put(&all[4].tail, "\xff\xd8\xff\xe1\xff\xff", 6);
    put(&all[5].tail,
        "\0\0\0\x18"
        "ftypmp42\0\0\0\0mp42isom",
        24);
    put(&all[6].tail, "\n", 1);
    put(&all[7].tail, plain.data, plain.size / 2);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct blob file = photo_copy(&plain);
        struct image_facts facts;
        struct error err;

        put(&file, all[i].tail.data, all[i].tail.size);
        expect_read(&file, &image, 6, all[i].what);
        expect_rejected(&file, NULL, all[i].what);
        assert_true(image_inspect(&file, &seller, &facts, &err));
        assert_int_equal(facts.used_bytes, plain.size);
        blob_free(&file);
        blob_free(&all[i].tail);
    }
    blob_free(&plain);
    image_free(&image);
}

static void faults_in_the_metadata_of_a_jpeg_are_accepted(void **unused)
{
    struct image image = smooth(64, 48);
    struct blob plain = photo_jpeg(&image), many = photo_copy(&plain), garbage = photo_copy(&plain);
    struct blob version = photo_copy(&plain), padded = { 0 };
    static const char exif[] =
        "Exif\0\0II\x2a\0\xff\xff\xff\x7f\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

    (void)unused;
    for (int i = 0; i < 30; i++) { /* duplicated, empty and unknown segments */
        photo_add_segment(&many, (uint8_t)(0xe0 + i % 16), exif, i % 3 ? sizeof exif : 0);
    }
    expect_read(&many, &image, 6, "many segments");
    photo_insert(&garbage, 20, "\0\1\2garbage\xff\0", 12); /* after the JFIF segment */
    expect_read(&garbage, &image, 6, "garbage between segments");
    expect_rejected(&garbage, NULL, "garbage between segments");
    version.data[11] = 7; /* JFIF 7.01 */
    expect_read(&version, &image, 6, "an unknown version of JFIF");
    put(&padded, plain.data, plain.size - 2);
    put(&padded, "\0\0\0\0\0\0\0\0\xff\xd9", 10);
    expect_read(&padded, &image, 6, "padding before the end");
    blob_free(&many);
    blob_free(&garbage);
    blob_free(&version);
    blob_free(&padded);
    blob_free(&plain);
    image_free(&image);
}

static void damaged_pixels_are_rejected(void **unused)
{
    struct image image = smooth(64, 48);
    struct blob jpeg = photo_jpeg(&image), png = png_of(&image, 5, 500);
    struct blob none = { 0 }, webp = photo_webp(&image, true, &none, &none);
    struct blob *all[] = { &jpeg, &png, &webp };

    (void)unused;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        for (size_t left = 3; left < all[i]->size; left += 7) {
            struct blob file = blob_view(all[i]->data, all[i]->size - left);

            expect_rejected(&file, &seller, "a truncated photo");
        }
    }
    for (size_t left = 10; left < 200; left += 10) { /* cut off, and closed */
        struct blob file = { 0 };

        put(&file, jpeg.data, jpeg.size - left);
        put(&file, "\xff\xd9", 2);
        expect_rejected(&file, &seller, "a truncated JPEG with an end");
        blob_free(&file);
    }
    png.data[png.size - 30] ^= 1; /* in the last chunk of pixels */
    expect_rejected(&png, &seller, "a PNG with a wrong checksum of pixels");
    blob_free(&jpeg);
    blob_free(&png);
    blob_free(&webp);
    image_free(&image);
}

static void faults_in_the_metadata_of_a_png_are_accepted(void **unused)
{
    static const struct {
        const char *what, *type, *body;
        size_t size;
    } all[] = {
        { "a bad profile", "iCCP", "sRGB\0\0not deflated", 18 },
        { "a profile with no name", "iCCP", "\0\0", 2 },
        { "bad EXIF", "eXIf", "garbage", 7 },
        { "bad text", "zTXt", "Comment\0\1broken", 15 },
        { "an empty chunk of text", "tEXt", "", 0 },
        { "a gamma of zero", "gAMA", "\0\0\0\0", 4 },
        { "a short chromaticity", "cHRM", "\0\0\1", 3 },
        { "an impossible time", "tIME", "\0\0\x63\x63\x63\x63\x63", 7 },
        { "an animation", "acTL", "\0\0\0\2\0\0\0\0", 8 },
        { "an unknown chunk", "prVt", "\1\2\3", 3 },
        { "a palette that is not used", "PLTE", "\1\2\3\4\5", 5 },
        { "transparency beside alpha", "hIST", "\1", 1 },
        { "a bad size of a pixel", "pHYs", "\1", 1 },
        { "a bad background", "bKGD", "\1", 1 },
    };
    struct image image = smooth(64, 48);
    struct blob plain = png_of(&image, 5, 500), file;

    (void)unused;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        file = photo_copy(&plain);
        photo_add_chunk(&file, all[i].type, all[i].body, all[i].size);
        expect_read(&file, &image, 0, all[i].what);
        photo_add_chunk(&file, all[i].type, all[i].body, all[i].size);
        expect_read(&file, &image, 0, "the same twice");
        if (strcmp(all[i].type, "PLTE") != 0) { /* pixels depend on other palettes */
            file.data[PNG_AFTER_HEADER + 8 + all[i].size] ^= 1;
            expect_read(&file, &image, 0, "a wrong checksum of metadata");
            expect_rejected(&file, NULL, "a wrong checksum of metadata");
        }
        blob_free(&file);
    }
    file = photo_copy(&plain);
    put(&file, "garbage", 7);
    expect_read(&file, &image, 0, "data after the end");
    expect_rejected(&file, NULL, "data after the end");
    blob_free(&file);
    blob_free(&plain);
    image_free(&image);
}

/* Every reader of a PNG finds the size of the image at the same place. */
static void a_png_begins_with_its_header_whatever_is_accepted_later(void **unused)
{
    static const uint8_t chunk[] = { 0, 0, 0, 1, 'p', 'r', 'V', 't', 7, 0, 0, 0, 0 };
    struct image image = smooth(64, 48);
    struct blob png = png_of(&image, 5, 500);

    (void)unused;
    photo_insert(&png, 8, chunk, sizeof chunk); /* its checksum is wrong */
    expect_rejected(&png, &seller, "a PNG with a damaged chunk before its header");
    blob_free(&png);
    image_free(&image);
}

static void a_bmp_of_impossible_size_is_rejected(void **unused)
{
    uint8_t data[64] = { 'B', 'M', 64, [14] = 40, [18] = 0x7a, 0xff, 0xff, 0x7f };
    struct blob file = blob_view(data, sizeof data);

    (void)unused;
    memcpy(data + 22, data + 18, 4); /* as high as wide */
    data[26] = 1;
    data[28] = 32;
    expect_rejected(&file, &seller, "a BMP of more bytes than a number can hold");
}

static void faults_in_the_container_of_a_webp_are_accepted(void **unused)
{
    struct image image = smooth(64, 48);
    struct blob none = { 0 }, exif = photo_exif(1);
    struct blob plain = photo_webp(&image, true, &none, &exif), file = photo_copy(&plain);

    (void)unused;
    put(&file, "garbage!", 8);
    expect_read(&file, &image, 0, "data after the end");
    expect_rejected(&file, NULL, "data after the end");
    blob_free(&file);
    file = photo_copy(&plain);
    file.size -= 5; /* in EXIF, after the picture */
    expect_read(&file, &image, 0, "truncated EXIF");
    expect_rejected(&file, NULL, "truncated EXIF");
    blob_free(&file);
    file = photo_copy(&plain);
    put(&file, "\0", 2);
    file.data[4] = (uint8_t)(file.data[4] + 2); /* the length of the file */
    expect_read(&file, &image, 0, "bytes after the last chunk");
    expect_rejected(&file, NULL, "bytes after the last chunk");
    blob_free(&file);
    blob_free(&exif);
    blob_free(&plain);
    image_free(&image);
}

static void the_first_frame_of_an_animated_webp_is_read(void **unused)
{
    struct image image = smooth(64, 48), last = scene(64, 48, 3, 200);
    struct blob file = { 0 };

    (void)unused;
    webp_begin(&file, &image, 0x02);
    webp_chunk(&file, "ANIM", "\0\0\0\0\0\0", 6);
    for (int i = 0; i < 2; i++) {
        struct blob picture = webp_picture(i == 0 ? &image : &last, true), frame = { 0 };

        put(&frame, "\0\0\0\0\0\0\x3f\0\0\x2f\0\0\x64\0\0\0", 16);
        put(&frame, picture.data, picture.size);
        webp_chunk(&file, "ANMF", frame.data, frame.size);
        blob_free(&picture);
        blob_free(&frame);
    }
    webp_set_length(&file);
    expect_read(&file, &image, 0, "an animation");
    expect_rejected(&file, NULL, "an animation");
    blob_free(&file);
    image_free(&image);
    image_free(&last);
}

/* Two frames of one pixel: red, then blue. */
static void the_first_frame_of_an_animated_gif_is_read(void **unused)
{
    static const uint8_t bytes[] =
        "GIF89a\x01\0\x01\0\x80\0\0\xff\0\0\0\0\xff"
        "\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
        "\x21\xf9\x04\x04\x0a\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0"
        "\x21\xf9\x04\x04\x0a\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x4c\x01\0";
    struct image image = {
        .width = 1, .height = 1, .channels = 3, .pixels = (uint8_t *)"\xff\0\0"
    };
    struct blob file = { 0 };

    (void)unused;
    put(&file, bytes, sizeof bytes - 1); /* its end is missing, which no pixel depends on */
    expect_read(&file, &image, 0, "an animation");
    expect_rejected(&file, NULL, "an animation without an end");
    file.size -= 40;
    expect_rejected(&file, &seller, "a truncated first frame");
    blob_free(&file);
}

/* Position in the stored image of the top left pixel of the upright image, per orientation. */
static void every_orientation_is_applied_in_every_format(void **unused)
{
    static const int corner[9][2] = { { 0, 0 }, { 0, 0 },  { 63, 0 },  { 63, 47 }, { 0, 47 },
                                      { 0, 0 }, { 0, 47 }, { 63, 47 }, { 63, 0 } };
    struct image image = smooth(64, 48);

    (void)unused;
    for (int o = 1; o <= 8; o++) {
        struct blob exif = photo_exif(o), none = { 0 }, segment = { 0 };
        struct blob files[] = { photo_jpeg(&image), png_of(&image, 5, 500),
                                photo_webp(&image, true, &none, &exif) };

        put(&segment, "Exif\0\0", 6);
        put(&segment, exif.data, exif.size);
        photo_add_segment(&files[0], 0xe1, segment.data, segment.size);
        photo_add_chunk(&files[1], "eXIf", exif.data, exif.size);
        for (size_t i = 0; i < 3; i++) {
            const uint8_t *want = image.pixels + (corner[o][1] * 64 + corner[o][0]) * 3;
            struct image_facts facts;
            struct image upright;
            struct error err;

            assert_true(image_decode(&files[i], &seller, &upright, &facts, &err));
            assert_int_equal(upright.width, o >= 5 ? 48 : 64);
            assert_int_equal(upright.height, o >= 5 ? 64 : 48);
            assert_int_equal(facts.width, upright.width);
            assert_int_equal(facts.height, upright.height);
            for (int c = 0; c < 3; c++) {
                if (abs(upright.pixels[c] - want[c]) > 6) {
                    fail_msg("format %zu, orientation %d: %d, not %d", i, o, upright.pixels[c],
                             want[c]);
                }
            }
            image_free(&upright);
            blob_free(&files[i]);
        }
        blob_free(&segment);
        blob_free(&exif);
    }
    image_free(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_jpeg_is_read_up_to_its_end),
        cmocka_unit_test(faults_in_the_metadata_of_a_jpeg_are_accepted),
        cmocka_unit_test(damaged_pixels_are_rejected),
        cmocka_unit_test(faults_in_the_metadata_of_a_png_are_accepted),
        cmocka_unit_test(a_png_begins_with_its_header_whatever_is_accepted_later),
        cmocka_unit_test(a_bmp_of_impossible_size_is_rejected),
        cmocka_unit_test(faults_in_the_container_of_a_webp_are_accepted),
        cmocka_unit_test(the_first_frame_of_an_animated_webp_is_read),
        cmocka_unit_test(the_first_frame_of_an_animated_gif_is_read),
        cmocka_unit_test(every_orientation_is_applied_in_every_format),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

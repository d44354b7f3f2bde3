/* test_photo.c - what is prepared of a seller's photo for the model: pixels, upright and in sRGB,
 * and nothing else of the file. */
#include "lib/colour_photos.h"
#include "lib/photo_webp.h"

#include "image/resize.h"
#include "jobs/seller_message.h"
#include "jobs/types/image_job.h"

static const struct image_rules rules = { .format = "png" };

/* Marks that occur in each place where cameras, phones and editors write metadata. */
#define SECRET "51.5007N-SERIAL-4711-Jane-Doe"

static const char secret_exif[] =
    "Exif\0\0MM\0\x2a\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0GPSLatitude " SECRET;

static struct blob jpeg_with_secrets(const struct image *image)
{
    struct blob file = photo_jpeg(image), profile = rgb_profile(&adobe_rgb);

    photo_add_segment(&file, 0xed, "Photoshop 3.0\0" SECRET, 14 + sizeof SECRET);
    photo_add_segment(&file, 0xfe, SECRET, sizeof SECRET);
    photo_add_segment(&file, 0xe1, "http://ns.adobe.com/xap/1.0/\0" SECRET, 29 + sizeof SECRET);
    photo_add_segment(&file, 0xe1, secret_exif, sizeof secret_exif);
    add_profile(&file, &profile, 60000);
    put(&file, SECRET, sizeof SECRET);
    blob_free(&profile);
    return file;
}

static struct blob png_with_secrets(const struct image *image)
{
    struct blob file = png_of(image, 5, 5000), packed = deflated((const uint8_t *)SECRET, 20);

    photo_add_chunk(&file, "tEXt", "Comment\0" SECRET, 8 + sizeof SECRET);
    photo_add_chunk(&file, "eXIf", secret_exif + 6, sizeof secret_exif - 6);
    photo_add_chunk(&file, "prVt", SECRET, sizeof SECRET);
    put(&file, SECRET, sizeof SECRET);
    blob_free(&packed);
    return file;
}

static struct blob webp_with_secrets(const struct image *image)
{
    struct blob exif = blob_view(secret_exif, sizeof secret_exif), none = { 0 };

    return photo_webp(image, true, &none, &exif);
}

static void nothing_but_pixels_is_sent_to_the_model(void **unused)
{
    struct image image = scene(120, 80, 3, 0), alpha = scene(120, 80, 4, 0);
    struct blob files[] = { jpeg_with_secrets(&image), png_with_secrets(&image),
                            webp_with_secrets(&image), png_with_secrets(&alpha),
                            webp_with_secrets(&alpha) };

    (void)unused;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct image_job image_job = { .rules = &rules };
        struct image_facts facts;
        struct error err = { 0 };
        const struct blob *sent = &image_job.model_photo;

        assert_non_null(memmem(files[i].data, files[i].size, SECRET, sizeof SECRET - 1));
        image_job.photo = blob_view(files[i].data, files[i].size);
        if (!photo_prepare(&image_job, MAIN_MODEL, &err)) {
            fail_msg("%zu: %s", i, err.text);
        }
        assert_true(sent->size > 0 && sent->data != files[i].data);
        assert_null(memmem(sent->data, sent->size, SECRET, 8));
        assert_null(memmem(sent->data, sent->size, "Exif", 4));
        assert_null(memmem(sent->data, sent->size, "eXIf", 4));
        assert_null(memmem(sent->data, sent->size, "GPS", 3));
        assert_true(image_inspect(sent, NULL, &facts, &err));
        assert_int_equal(facts.width, 80); /* upright: its orientation is 6 */
        assert_int_equal(facts.height, 120);
        assert_false(image_job.photo_downscaled);
        assert_string_equal(image_job.model_photo_type, format_content_type(facts.format));
        blob_free(&image_job.model_photo);
        blob_free(&files[i]);
    }
    image_free(&image);
    image_free(&alpha);
}

static void the_model_gets_the_colours_of_the_product(void **unused)
{
    struct image image, copy;
    struct image_job image_job = { .rules = &rules };
    struct blob file, profile = rgb_profile(&adobe_rgb);
    struct error err = { 0 };
    double in[3] = { 200 / 255.0, 60 / 255.0, 60 / 255.0 }, want[3];

    (void)unused;
    assert_true(image_new(64, 64, 3, &image, &err));
    for (int i = 0; i < 64 * 64; i++) {
        memcpy(image.pixels + i * 3, i % 64 < 48 ? "\xc8\x3c\x3c" : "\x20\x20\x20", 3);
    }
    file = photo_jpeg(&image);
    add_profile(&file, &profile, 60000);
    image_job.photo = blob_view(file.data, file.size);
    assert_true(photo_prepare(&image_job, MAIN_MODEL, &err));
    assert_int_equal(image_job.photo_facts.colours, COLOURS_CONVERTED);
    assert_true(image_decode(&image_job.model_photo, NULL, &copy, NULL, &err));
    reference(&profile, TYPE_RGB_DBL, in, want);
    assert_true(difference(copy.pixels, want) <= 1.5);
    image_free(&image);
    image_free(&copy);
    blob_free(&image_job.model_photo);
    blob_free(&file);
    blob_free(&profile);
}

static void a_large_photo_is_made_smaller(void **unused)
{
    struct image image = scene(3000, 300, 3, 0);
    struct image_job image_job = { .rules = &rules };
    struct blob file = photo_jpeg(&image);
    struct image_facts facts;
    struct error err = { 0 };

    (void)unused;
    image_job.photo = blob_view(file.data, file.size);
    assert_true(photo_prepare(&image_job, MAIN_MODEL, &err));
    assert_true(image_job.photo_downscaled);
    assert_int_equal(image_job.photo_facts.width, 3000);
    assert_true(image_inspect(&image_job.model_photo, NULL, &facts, &err));
    assert_int_equal(facts.width, 2048);
    image_free(&image);
    blob_free(&image_job.model_photo);
    blob_free(&file);
}

/* No model is paid for drawing from a photo of one colour; a white product on white is no such
 * photo. */
static void a_photo_that_shows_nothing_is_rejected(void **unused)
{
    struct image image = scene(300, 300, 3, 0);

    (void)unused;
    memset(image.pixels, 250, (size_t)300 * 300 * 3);
    for (int product = 0; product <= 1; product++) {
        struct image_job image_job = { .rules = &rules };
        struct error err = { 0 };
        struct blob file;

        for (int y = 100; product && y < 145; y++) {
            memset(image.pixels + ((size_t)y * 300 + 120) * 3, 236, (size_t)45 * 3);
        }
        file = photo_jpeg(&image);
        image_job.photo = blob_view(file.data, file.size);
        assert_int_equal(photo_prepare(&image_job, MAIN_MODEL, &err), product);
        assert_int_equal(err.cause, product ? CAUSE_UNKNOWN : CAUSE_PHOTO_BLANK);
        blob_free(&image_job.model_photo);
        blob_free(&file);
    }
    image_free(&image);
}

/* A bottle in front of a backdrop, or of a pattern. */
static struct blob product_photo(int side, bool plain, bool blurred)
{
    struct image image = scene(side, side, 3, 0), small;
    struct blob file;
    struct error err;

    for (int i = 0; i < side * side; i++) {
        int x = i % side, y = i / side;
        bool inside = abs(x - side / 2) < side / 5 && abs(y - side / 2) < side / 3;
        uint8_t detail = (uint8_t)((x * 7 + y * 13) % 60);
        uint8_t ground = (uint8_t)(plain ? 240 : 60 + (x / 9 + y / 7) % 2 * 120);

        image.pixels[i * 3] = inside ? (uint8_t)(120 + detail) : ground;
        image.pixels[i * 3 + 1] = inside ? (uint8_t)(20 + detail) : ground;
        image.pixels[i * 3 + 2] = inside ? 60 : ground;
    }
    if (blurred) {
        assert_true(image_scale(&image, side / 8, side / 8, &small, &err));
        image_free(&image);
        assert_true(image_scale(&small, side, side, &image, &err));
        image_free(&small);
    }
    file = photo_jpeg(&image);
    image_free(&image);
    return file;
}

/* Considers photos in the seller's order. Returns the position of the main one. */
static int main_of(struct blob *files, int count, int *others)
{
    static const char *const urls[] = { "0", "1", "2", "3" };
    struct image_job *image_job = calloc(1, sizeof *image_job);
    int chosen;

    image_job->rules = &rules;
    image_job->project.brief.known_photos = count;
    for (int i = 0; i < count; i++) {
        struct error err = { 0 };

        if (!photo_consider(image_job, &files[i], urls[i], MAIN_MODEL, &err)) {
            assert_int_equal(err.kind, ERROR_INPUT);
        }
        blob_free(&files[i]);
    }
    assert_non_null(image_job->photos.url);
    chosen = image_job->photos.url[0] - '0';
    *others = image_job->photos.other_count;
    assert_int_equal(image_job->photos.usable, 1 + image_job->photos.other_count);
    for (int i = 0; i < image_job->photos.other_count; i++) {
        struct image_facts facts;
        struct error err;

        assert_true(image_inspect(&image_job->photos.others[i].bytes, NULL, &facts, &err));
        assert_true(facts.width <= 2048);
    }
    photos_clear(image_job);
    free(image_job);
    return chosen;
}

static void the_best_photo_is_the_main_one(void **unused)
{
    int others;

    (void)unused;
    /* among equals the first */
    assert_int_equal(main_of((struct blob[]){ product_photo(800, true, false),
                                              product_photo(810, true, false) },
                             2, &others),
                     0);
    assert_int_equal(others, 1);
    /* a plain backdrop */
    assert_int_equal(main_of((struct blob[]){ product_photo(800, false, false),
                                              product_photo(800, true, false),
                                              product_photo(800, true, false) },
                             3, &others),
                     1);
    assert_int_equal(others, 2);
    /* size */
    assert_int_equal(main_of((struct blob[]){ product_photo(300, true, false),
                                              product_photo(1600, true, false) },
                             2, &others),
                     1);
    /* sharpness */
    assert_int_equal(main_of((struct blob[]){ product_photo(800, true, true),
                                              product_photo(800, true, false) },
                             2, &others),
                     1);
}

static void an_unreadable_photo_is_left_out(void **unused)
{
    struct blob broken = product_photo(400, true, false);
    int others;

    (void)unused;
    broken.size /= 2;
    assert_int_equal(main_of((struct blob[]){ broken, product_photo(400, false, false) }, 2,
                             &others),
                     1);
    assert_int_equal(others, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_but_pixels_is_sent_to_the_model),
        cmocka_unit_test(the_model_gets_the_colours_of_the_product),
        cmocka_unit_test(a_large_photo_is_made_smaller),
        cmocka_unit_test(a_photo_that_shows_nothing_is_rejected),
        cmocka_unit_test(the_best_photo_is_the_main_one),
        cmocka_unit_test(an_unreadable_photo_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

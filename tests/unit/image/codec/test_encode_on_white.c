/* test_encode_on_white.c - a JPEG of a product on white keeps the white exactly, and the product.
 */
#include "lib/test_images.h"

#include <math.h>
#include <stdio.h>

enum { KINDS = 5 };

/* A disc with a soft edge on white: saturated colours, stripes, noise, almost white, black. */
static struct image product(int width, int height, int kind)
{
    struct image image;
    struct error err;
    uint64_t state = 7;
    double radius = 0.42 * (width < height ? width : height);

    assert_true(image_new(width, height, 3, &image, &err));
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            uint8_t *pixel = image.pixels + ((size_t)y * (size_t)width + (size_t)x) * 3;
            double from_edge = radius - hypot(x - width / 2.0, y - height / 2.0);
            double cover = fmin(1, fmax(0, from_edge + 0.5));
            int noise = (int)random_below(&state, 256);
            int colours[KINDS][3] = { { 255, 0, 20 },
                                      { (x / 2) % 2 ? 255 : 0, 40, (y / 3) % 2 ? 0 : 255 },
                                      { noise, 255 - noise, noise / 2 },
                                      { 249, 251, 248 },
                                      { 0, 0, 0 } };

            for (int c = 0; c < 3; c++) {
                pixel[c] = (uint8_t)lround(255 + cover * (colours[kind][c] - 255));
            }
        }
    }
    return image;
}

static bool is_white(const uint8_t *pixel)
{
    return pixel[0] == 255 && pixel[1] == 255 && pixel[2] == 255;
}

static struct image decoded(const struct blob *file)
{
    struct image image;
    struct error err;

    if (!image_decode(file, NULL, &image, NULL, &err)) {
        fail_msg("%s", err.text);
    }
    return image;
}

/* Compares with the original. Returns the number of white pixels that are white no more. */
static int count_lost(const struct image *original, const struct image *made, double *product_error)
{
    size_t count = (size_t)original->width * (size_t)original->height, product = 0;
    double sum = 0;
    int lost = 0;

    for (size_t i = 0; i < count; i++) {
        const uint8_t *a = original->pixels + i * 3, *b = made->pixels + i * 3;

        if (is_white(a)) {
            lost += !is_white(b);
        } else {
            product++;
            sum += (abs(a[0] - b[0]) + abs(a[1] - b[1]) + abs(a[2] - b[2])) / 3.0;
        }
    }
    *product_error = sum / (double)(product ? product : 1);
    return lost;
}

static void white_stays_white(void **unused)
{
    static const int sizes[][2] = { { 200, 200 }, { 123, 77 }, { 17, 300 } };
    static const int qualities[] = { 100, 95, 88, 60 };

    (void)unused;
    for (int i = 0; i < 3 * 4 * KINDS; i++) {
        struct image image = product(sizes[i % 3][0], sizes[i % 3][1], i / 12), made, usual;
        int quality = qualities[i / 3 % 4];
        struct blob file, usual_file;
        double error, usual_error;
        struct error err;
        int lost;

        assert_true(image_encode_jpeg_on_white(&image, quality, false, &file, &err));
        assert_true(image_encode_jpeg(&image, quality, false, &usual_file, &err));
        made = decoded(&file);
        usual = decoded(&usual_file);
        lost = count_lost(&image, &made, &error);
        count_lost(&image, &usual, &usual_error);
        if (lost > 0 || error > usual_error + 3) {
            fail_msg("kind %d, quality %d: %d white pixels lost; the product differs by %.2f (%.2f "
                     "in a usual JPEG)",
                     i / 12, quality, lost, error, usual_error);
        }
        image_free(&image);
        image_free(&made);
        image_free(&usual);
        blob_free(&file);
        blob_free(&usual_file);
    }
}

/* The test above would notice: a usual JPEG loses white pixels beside the product. */
static void usual_jpeg_loses_white(void **unused)
{
    struct image image = product(200, 200, 0), made;
    struct blob file;
    struct error err;
    double error;

    (void)unused;
    assert_true(image_encode_jpeg(&image, 95, false, &file, &err));
    made = decoded(&file);
    assert_true(count_lost(&image, &made, &error) > 100);
    image_free(&image);
    image_free(&made);
    blob_free(&file);
}

static void file_has_mark_and_profile(void **unused)
{
    struct image image = product(64, 64, 1);

    (void)unused;
    for (int marked = 0; marked < 2; marked++) {
        struct image_bounds bounds = { 0 };
        struct image_facts facts;
        struct blob file;
        struct error err;

        assert_true(image_encode_jpeg_on_white(&image, 90, marked, &file, &err));
        assert_true(image_inspect(&file, &bounds, &facts, &err));
        assert_int_equal(facts.ai_mark, marked);
        assert_true(facts.profile);
        assert_false(facts.cmyk);
        blob_free(&file);
    }
    image_free(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(white_stays_white),
        cmocka_unit_test(usual_jpeg_loses_white),
        cmocka_unit_test(file_has_mark_and_profile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

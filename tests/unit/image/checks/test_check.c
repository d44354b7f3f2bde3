/* test_check.c - each check passes at its limit and fails just beyond it. */
#include "lib/test_images.h"

#include <math.h>

#include "image/checks/check.h"

static struct image plain(int width, int height, int channels, uint8_t value)
{
    struct image image;
    struct error err;

    assert_true(image_new(width, height, channels, &image, &err));
    memset(image.pixels, value, (size_t)width * (size_t)height * (size_t)channels);
    return image;
}

/* Returns a grey box on white; the box includes left, top, right and bottom. */
static struct image boxed(int side, int left, int top, int right, int bottom)
{
    struct image image = plain(side, side, 3, 255);

    for (int y = top; y <= bottom; y++) {
        memset(image.pixels + (y * side + left) * 3, 90, (size_t)(right - left + 1) * 3);
    }
    return image;
}

static struct check_finding run_check(const char *name, const struct image *image, double a,
                                      double b)
{
    struct check_subject subject = {
        .image = image, .file_bytes = 1000, .target_width = 100, .target_height = 100
    };
    struct check_limits limits = { name, { a, b } };
    struct check_finding finding;
    struct error err = { 0 };
    bool good = checks_run(&subject, &limits, 1, &finding, &err);

    assert_int_equal(good, finding.passed);
    assert_int_equal(err.kind, good ? ERROR_NONE : ERROR_OUTPUT);
    assert_string_equal(finding.check, name);
    assert_true(good || (finding.message[0] != '\0' && strstr(err.text, finding.message)));
    return finding;
}

static void at_limit(const char *name, struct image image, double passes, double fails)
{
    assert_true(run_check(name, &image, passes, 10000).passed);
    assert_false(run_check(name, &image, fails, 10000).passed);
    image_free(&image);
}

static void dimensions_at_the_limit(void **unused)
{
    struct image image = plain(100, 100, 3, 0), other = plain(100, 99, 3, 0);

    (void)unused;
    assert_true(run_check("dimensions", &image, 100, 100).passed);
    assert_false(run_check("dimensions", &image, 101, 200).passed);
    assert_false(run_check("dimensions", &image, 10, 99).passed);
    assert_false(run_check("dimensions", &other, 10, 200).passed);
    image_free(&image);
    image_free(&other);
}

static void ratio_at_the_limit(void **unused)
{
    (void)unused;
    at_limit("ratio", plain(102, 100, 3, 0), 0.0201, 0.0199);
    at_limit("ratio", plain(98, 100, 3, 0), 0.0201, 0.0199);
}

static void blank_at_the_limit(void **unused)
{
    struct image halves = plain(100, 100, 3, 100);

    (void)unused;
    memset(halves.pixels, 110, 100 * 50 * 3); /* standard deviation 5 */
    at_limit("blank", halves, 4.999, 5.001);
    at_limit("blank", plain(100, 100, 4, 7), 0, 0.001);
}

/* The sums of squares exceed 32 bits. */
static void blank_of_a_large_image(void **unused)
{
    struct image halves = plain(1200, 1001, 4, 0);

    (void)unused;
    memset(halves.pixels, 255, (size_t)1200 * 500 * 4);
    assert_true(fabs(run_check("blank", &halves, 100, 0).measured - 127.5) < 0.1);
    image_free(&halves);
}

static void transparent_pixels_fail(void **unused)
{
    struct image image = plain(100, 100, 4, 255), three = plain(100, 100, 3, 9);

    (void)unused;
    assert_true(run_check("alpha", &image, 0, 0).passed);
    assert_true(run_check("alpha", &three, 0, 0).passed);
    image.pixels[100 * 100 * 4 - 1] = 254;
    assert_false(run_check("alpha", &image, 0, 0).passed);
    image.pixels[100 * 100 * 4 - 1] = 255;
    image.pixels[0] = 3;
    assert_true(run_check("alpha", &image, 0, 0).passed);
    image_free(&image);
    image_free(&three);
}

static void white_at_the_limit(void **unused)
{
    struct image image = boxed(100, 20, 20, 79, 79);

    (void)unused;
    assert_true(run_check("white", &image, 0, 0).passed);
    image.pixels[(5 * 100 + 5) * 3 + 2] = 253; /* background, off by 2 */
    assert_true(run_check("white", &image, 2, 0).passed);
    assert_false(run_check("white", &image, 1, 0).passed);
    image.pixels[(5 * 100 + 5) * 3 + 2] = 255;
    image.pixels[(99 * 100 + 99) * 3] = 200; /* a dark pixel of the border counts too */
    assert_false(run_check("white", &image, 16, 0).passed);
    image.pixels[(99 * 100 + 99) * 3] = 255;
    image.pixels[(50 * 100 + 50) * 3] = 250; /* inside the product: not background */
    assert_true(run_check("white", &image, 0, 0).passed);
    image_free(&image);
}

static void fill_at_the_limit(void **unused)
{
    struct image blank_one = plain(100, 100, 3, 255);

    (void)unused;
    at_limit("fill", boxed(100, 5, 30, 94, 60), 0.9, 0.901);
    at_limit("fill", boxed(100, 30, 10, 60, 94), 0.85, 0.851);
    at_limit("fill", boxed(100, 1, 1, 98, 98), 0.98, 0.99);
    assert_false(run_check("fill", &blank_one, 0, 0).passed);
    image_free(&blank_one);
    blank_one = boxed(100, 0, 30, 99, 60); /* cropped by the frame */
    assert_false(run_check("fill", &blank_one, 0.5, 0).passed);
    image_free(&blank_one);
}

static void centred_at_the_limit(void **unused)
{
    (void)unused;
    at_limit("centred", boxed(100, 30, 30, 69, 69), 0, -0.001);
    at_limit("centred", boxed(100, 33, 30, 72, 69), 0.03001, 0.02999);
    at_limit("centred", boxed(100, 30, 26, 69, 65), 0.04001, 0.03999);
}

static void sharpness_at_the_limit(void **unused)
{
    struct image stripes = plain(100, 100, 3, 50), noise = scene(101, 57, 4, 256);
    double squares = 0;

    (void)unused;
    for (int i = 0; i < 100 * 100; i++) {
        stripes.pixels[i * 3 + 1] = i % 2 ? 50 : 60; /* green only, in columns: 4a - 2b - 2a */
    }
    at_limit("sharpness", stripes, 19.999, 20.001);
    for (int y = 1; y < 56; y++) {
        for (int x = 1; x < 100; x++) {
            const uint8_t *p = noise.pixels + (y * 101 + x) * 4 + 1;

            squares += pow(4 * p[0] - p[-4] - p[4] - p[-404] - p[404], 2);
        }
    }
    assert_true(fabs(run_check("sharpness", &noise, 0, 0).measured - sqrt(squares / 55 / 99)) <
                1e-6);
    image_free(&noise);
    at_limit("sharpness", plain(100, 100, 3, 3), 0, 0.001);
    at_limit("sharpness", plain(2, 2, 3, 3), 0, 0.001);
}

static void file_size_at_the_limit(void **unused)
{
    (void)unused;
    at_limit("file_size", plain(1, 1, 3, 0), 1000, 999);
}

/* Each side of a box is a step of many lines at one place; the borders of blocks are everywhere. */
static void straight_edges_are_no_blocks(void **unused)
{
    struct image image = plain(400, 400, 3, 200);

    (void)unused;
    for (int y = 80; y < 320; y++) {
        memset(image.pixels + (y * 400 + 104) * 3, 90, 160 * 3);
    }
    assert_true(run_check("pixel_blocks", &image, 1, 15).passed);
    for (int i = 0; i < 400 * 400; i++) { /* two thirds of the image */
        if (i % 400 < 264) {
            memset(image.pixels + i * 3, 60 + (i % 400 / 8 * 37 + i / 400 / 8 * 53) % 128, 3);
        }
    }
    assert_false(run_check("pixel_blocks", &image, 1, 15).passed);
    image_free(&image);
}

static void first_failed_check_is_named(void **unused)
{
    struct image image = boxed(100, 20, 20, 59, 59);
    struct check_subject subject = { .image = &image, .target_width = 100, .target_height = 100 };
    struct check_limits limits[] = {
        { "white", { 0 } }, { "fill", { 0.85 } }, { "centred", { 0.01 } }, { "alpha", { 0 } }
    };
    struct check_finding findings[4];
    struct error err;

    (void)unused;
    assert_false(checks_run(&subject, limits, 4, findings, &err));
    assert_true(findings[0].passed && !findings[1].passed && !findings[2].passed);
    assert_true(findings[3].passed);
    assert_non_null(strstr(err.text, "'fill'"));
    limits[0].check = "beauty";
    assert_false(checks_run(&subject, limits, 4, findings, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    image_free(&image);
}

static void every_check_is_found(void **unused)
{
    (void)unused;
    for (int i = 0; checks[i]; i++) {
        assert_ptr_equal(check_find(checks[i]->name), checks[i]);
        assert_true(checks[i]->limit_count <= CHECK_LIMITS);
        assert_true(i < CHECKS_MAX);
    }
    assert_null(check_find("beauty"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dimensions_at_the_limit),
        cmocka_unit_test(ratio_at_the_limit),
        cmocka_unit_test(blank_at_the_limit),
        cmocka_unit_test(blank_of_a_large_image),
        cmocka_unit_test(transparent_pixels_fail),
        cmocka_unit_test(white_at_the_limit),
        cmocka_unit_test(fill_at_the_limit),
        cmocka_unit_test(centred_at_the_limit),
        cmocka_unit_test(sharpness_at_the_limit),
        cmocka_unit_test(file_size_at_the_limit),
        cmocka_unit_test(straight_edges_are_no_blocks),
        cmocka_unit_test(first_failed_check_is_named),
        cmocka_unit_test(every_check_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

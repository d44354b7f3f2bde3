/* test_compose.c - the product is placed on pure white, large enough, centred and unchanged. */
#include "lib/test_images.h"

#include "image/checks/check.h"
#include "image/compose.h"
#include "image/cut_out/cut_out.h"

/* Returns a coloured product with blended edge pixels, on a plain backdrop. */
static struct image photo(int width, int height, int channels, uint8_t backdrop)
{
    struct image image = scene(width, height, channels, 0);
    int radius_x = width / 3, radius_y = height / 4;

    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            uint8_t *p = image.pixels + (y * width + x) * channels;
            double dx = (double)(x - width / 2) / radius_x,
                   dy = (double)(y - height / 2) / radius_y;
            double share = (1.05 - (dx * dx + dy * dy)) / 0.06;
            int part = share < 0 ? 0 : share > 1 ? 256 : (int)(share * 256);

            for (int c = 0; c < channels; c++) {
                int product = c == 0 ? 40 : c == 1 ? 90 + x % 7 : 150;

                p[c] = (uint8_t)((product * part + backdrop * (256 - part)) / 256);
            }
            if (channels == 4) {
                p[3] = (uint8_t)(part > 255 ? 255 : part);
            }
        }
    }
    return image;
}

static void is_a_main_image(const struct image *image, double fill)
{
    struct check_subject subject = { .image = image,
                                     .target_width = image->width,
                                     .target_height = image->height };
    struct check_limits limits[] = {
        { "white", { 0 } }, { "fill", { fill } }, { "centred", { 0.01 } }, { "alpha", { 0 } }
    };
    struct check_finding findings[4];
    struct error err = { 0 };

    if (!checks_run(&subject, limits, 4, findings, &err)) {
        fail_msg("%s", err.text);
    }
}

static void transparent_image_is_placed_on_white(void **unused)
{
    static const int sizes[][2] = { { 300, 300 }, { 320, 200 }, { 200, 333 } };

    (void)unused;
    for (int i = 0; i < 3; i++) {
        struct image made = photo(500, 400, 4, 255), out;
        struct composed how;
        struct error err;

        assert_true(image_on_white(&made,
                                   &(struct white_canvas){ .width = sizes[i][0],
                                                           .height = sizes[i][1],
                                                           .fill = 0.9,
                                                           .max_enlarge = 1 },
                                   &out, &how, &err));
        assert_int_equal(out.width, sizes[i][0]);
        assert_int_equal(out.height, sizes[i][1]);
        assert_int_equal(out.channels, 3);
        assert_true(how.enlarged <= 1);
        assert_true(how.width <= sizes[i][0] * 0.9 + 1 && how.height <= sizes[i][1] * 0.9 + 1);
        is_a_main_image(&out, 0.85);
        free(how.coverage);
        image_free(&made);
        image_free(&out);
    }
}

/* The product keeps its colour, without any of the backdrop. */
static void photo_is_cut_out_and_placed_on_white(void **unused)
{
    static const uint8_t backdrops[] = { 255, 244, 200, 235 };

    (void)unused;
    for (int i = 0; i < 4; i++) {
        struct image in = photo(400, 400, 3, backdrops[i]), cut, out;
        struct composed how;
        struct error err;
        const uint8_t *p;

        assert_true(image_cut_out(&in, &cut, &err));
        assert_int_equal(cut.channels, 4);
        assert_int_equal(cut.pixels[3], 0);
        assert_int_equal(cut.pixels[(200 * 400 + 200) * 4 + 3], 255);
        assert_true(image_on_white(&cut,
                                   &(struct white_canvas){
                                       .width = 300, .height = 300, .fill = 0.9, .max_enlarge = 2 },
                                   &out, &how, &err));
        is_a_main_image(&out, 0.85);
        p = out.pixels + (150 * 300 + 150) * 3;
        assert_in_range(p[0], 38, 42);
        assert_in_range(p[1], 88, 98);
        assert_in_range(p[2], 148, 152);
        free(how.coverage);
        image_free(&in);
        image_free(&cut);
        image_free(&out);
    }
}

static void enlargement_is_limited(void **unused)
{
    struct image made = photo(300, 300, 4, 255), out = { 0 };
    struct composed how;
    struct error err;

    (void)unused;
    assert_false(image_on_white(&made,
                                &(struct white_canvas){
                                    .width = 1000, .height = 1000, .fill = 0.9, .max_enlarge = 1 },
                                &out, &how, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_null(out.pixels);
    assert_true(image_on_white(&made,
                               &(struct white_canvas){
                                   .width = 1000, .height = 1000, .fill = 0.9, .max_enlarge = 6 },
                               &out, &how, &err));
    assert_true(how.enlarged > 1);
    is_a_main_image(&out, 0.85);
    free(how.coverage);
    image_free(&made);
    image_free(&out);
}

static void empty_image_is_rejected(void **unused)
{
    struct image made = scene(50, 50, 4, 0), out = { 0 };
    struct composed how;
    struct error err;

    (void)unused;
    memset(made.pixels, 0, 50 * 50 * 4);
    assert_false(image_on_white(
        &made, &(struct white_canvas){ .width = 40, .height = 40, .fill = 0.9, .max_enlarge = 1 },
        &out, &how, &err));
    assert_int_equal(err.kind, ERROR_OUTPUT);
    image_free(&made);
}

static void backdrop_that_is_not_plain_is_rejected(void **unused)
{
    struct image busy = scene(200, 200, 3, 256), cut = { 0 };
    struct image touching = photo(200, 200, 3, 240);
    struct error err;

    (void)unused;
    assert_false(image_cut_out(&busy, &cut, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    for (int y = 80; y < 120; y++) { /* the product reaches the left edge */
        memset(touching.pixels + y * 600, 30, 300);
    }
    assert_false(image_cut_out(&touching, &cut, &err));
    assert_non_null(strstr(err.text, "touches the edge"));
    image_free(&busy);
    image_free(&touching);
}

static void image_is_flattened_on_white(void **unused)
{
    struct image in = scene(64, 4, 4, 0), three = scene(9, 9, 3, 40), out;
    struct error err;

    (void)unused;
    for (int i = 0; i < 256; i++) {
        memcpy(in.pixels + i * 4, (uint8_t[]){ 0, 100, 255, (uint8_t)i }, 4);
    }
    assert_true(image_flatten(&in, &out, &err));
    assert_int_equal(out.channels, 3);
    for (int i = 0; i < 256; i++) {
        assert_in_range(out.pixels[i * 3] + i, i < 6 ? 255 : 254, i < 6 ? 260 : 256);
        assert_int_equal(out.pixels[i * 3 + 2], 255);
    }
    image_free(&out);
    assert_true(image_flatten(&three, &out, &err));
    assert_memory_equal(out.pixels, three.pixels, 9 * 9 * 3);
    image_free(&out);
    image_free(&in);
    image_free(&three);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transparent_image_is_placed_on_white),
        cmocka_unit_test(photo_is_cut_out_and_placed_on_white),
        cmocka_unit_test(enlargement_is_limited),
        cmocka_unit_test(empty_image_is_rejected),
        cmocka_unit_test(backdrop_that_is_not_plain_is_rejected),
        cmocka_unit_test(image_is_flattened_on_white),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

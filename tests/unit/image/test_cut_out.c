/* test_cut_out.c - photos with known alpha: a product is cut out exactly, or the result is called
 * uncertain; it is never damaged. */
#include "lib/test_images.h"

#include <math.h>
#include <stdio.h>

#include "image/cut_out/cut_out.h"

enum { SIDE = 900 };

enum body { MUG, SHIRT, RACK, BOTTLE, WIRE, FUR, GLASS, SHOE, BODIES };
/* BLOCKS: one in 64 is bluer, since JPEG rounds the colour of each. */
enum light { FLAT, VIGNETTE, SIDE_LIGHT, BLOCKS, LIGHTS };
enum shade { NO_SHADOW, SOFT_SHADOW, HARD_SHADOW, SHADES };

struct photo {
    const char *name;
    enum body body;
    uint8_t colour[3], backdrop[3];
    enum light light;
    enum shade shade;
    double noise; /* standard deviation */
    bool must_work;
};

static double clip(double value)
{
    return value < 0 ? 0 : value > 1 ? 1 : value;
}

/* Returns the coverage of a shape from its signed distance in pixels, negative inside. */
static double edge(double distance)
{
    return clip(0.5 - distance);
}

static double box(double x, double y, double left, double top, double right, double bottom)
{
    double dx = fmax(left - x, x - right), dy = fmax(top - y, y - bottom);

    return fmax(dx, dy);
}

static double distance_to(enum body body, double x, double y)
{
    double mug, ring, wave, radius, angle;

    switch (body) {
    case MUG:
        mug = box(x, y, 380, 300, 680, 650);
        radius = hypot(x - 370, y - 470);
        ring = fabs(radius - 110) - 26;
        return fmin(mug, fmax(ring, x - 400));
    case SHIRT:
        return fmin(box(x, y, 300, 260, 600, 720), box(x, y, 190, 260, 710, 400));
    case RACK:
        wave = fmod(x - 240 + 1000 * 60, 60);
        return fmin(fmax(box(x, y, 240, 250, 656, 650), fmin(wave, 60 - wave) - 9),
                    fmin(box(x, y, 231, 240, 665, 260), box(x, y, 231, 640, 665, 660)));
    case WIRE:
        return fmin(fmax(fabs(hypot(x - 450, y - 430) - 210) - 3, 0) > 0
                        ? fabs(hypot(x - 450, y - 430) - 210) - 3
                        : -1,
                    box(x, y, 280, 640, 620, 690));
    case FUR:
        angle = atan2(y - 450, x - 450);
        return (hypot(x - 450, y - 450) - 230 - 26 * sin(angle * 90)) / 14;
    case SHOE:
        return (hypot((x - 450) / 190, (y - 450) / 270) - 1) * 190;
    case BOTTLE:
    case GLASS:
    default:
        return fmin(box(x, y, 330, 330, 570, 740), box(x, y, 400, 180, 500, 340));
    }
}

/* The product's own colour at a pixel: folds, a print, a label. */
static double product_value(const struct photo *photo, double x, double y, int c)
{
    double shade = 1 + 0.12 * sin(x / 90) - 0.1 * (y / SIDE);
    double weave = 3 * sin(x * 1.9) * sin(y * 2.3);

    if (photo->body == SHIRT && box(x, y, 380, 400, 520, 520) < 0) {
        return 250; /* a white print */
    }
    if (photo->body == SHOE && distance_to(SHOE, x, y) > -7 && y > 450) {
        /* a pale sole with a darker rim */
        return photo->backdrop[c] - (distance_to(SHOE, x, y) > -2 ? 8 : 0);
    }
    if (photo->body == BOTTLE && box(x, y, 340, 450, 560, 600) < 0) {
        return fmod(x, 40) < 12 ? 30 : 235 - c * 20; /* a label */
    }
    return photo->colour[c] * shade + weave;
}

static double tint_of_block(int x, int y)
{
    return (x / 16 * 37 + y / 16 * 11) % 64 == 0 ? 2.2 : 0;
}

static double backdrop_value(const struct photo *photo, double x, double y, int c)
{
    double u = x / SIDE, v = y / SIDE, value = photo->backdrop[c];
    double reach = photo->shade == HARD_SHADOW ? 5 : 22;
    double dx = (x - 450) / 200, dy = (y - (photo->body == FUR ? 690 : 700)) / 30;
    double shadow = (1 - hypot(dx, dy)) * 30 / reach;

    value -= photo->light == VIGNETTE     ? 80 * ((u - 0.5) * (u - 0.5) + (v - 0.5) * (v - 0.5))
             : photo->light == SIDE_LIGHT ? 60 * u
                                          : 0;
    value += photo->light == BLOCKS && c == 2 ? tint_of_block((int)x, (int)y) : 0;
    if (photo->shade != NO_SHADOW) {
        value *= 1 - 0.4 / (1 + exp(-2.5 * shadow));
    }
    return value;
}

static double gauss(uint64_t *state)
{
    double sum = 0;

    for (int i = 0; i < 12; i++) {
        sum += random_uniform(state);
    }
    return sum - 6;
}

static struct image draw(const struct photo *photo, uint8_t *truth)
{
    uint64_t state = 77;
    struct image image;
    struct error err;

    assert_true(image_new(SIDE, SIDE, 3, &image, &err));
    for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
            double distance = distance_to(photo->body, x + 0.5, y + 0.5), alpha = edge(distance);
            double part = photo->body == GLASS ? alpha * (distance > -6 ? 0.5 : 0.06) : alpha;

            truth[y * SIDE + x] = alpha > 0.5;
            for (int c = 0; c < 3; c++) {
                double value = part * product_value(photo, x, y, c) +
                               (1 - part) * backdrop_value(photo, x, y, c) +
                               photo->noise * gauss(&state);

                image.pixels[(y * SIDE + x) * 3 + c] = (uint8_t)(255 * clip(value / 255) + 0.5);
            }
        }
    }
    return image;
}

/* Returns the intersection over union of cut-out and truth; -1 if the result is uncertain. */
static double cut(const struct photo *photo)
{
    uint8_t *truth = malloc(SIDE * SIDE);
    struct image image, out;
    struct error err;
    int both = 0, either = 0;

    assert_non_null(truth);
    image = draw(photo, truth);
    if (!image_cut_out(&image, &out, &err)) {
        assert_int_equal(err.kind, ERROR_INPUT);
        assert_false(cut_out_is_certain(&image, &err));
        print_message("%-34s uncertain: %s\n", photo->name, strrchr(err.text, ':') + 2);
        free(truth);
        image_free(&image);
        return -1;
    }
    assert_true(cut_out_is_certain(&image, &err));
    for (int i = 0; i < SIDE * SIDE; i++) {
        bool opaque = out.pixels[i * 4 + 3] > 127;

        both += opaque && truth[i];
        either += opaque || truth[i];
    }
    print_message("%-34s %.4f\n", photo->name, (double)both / either);
    free(truth);
    image_free(&image);
    image_free(&out);
    return (double)both / either;
}

#define PLAIN_GREY                                                                                 \
    {                                                                                              \
        225, 225, 222                                                                              \
    }
#define OFF_WHITE                                                                                  \
    {                                                                                              \
        244, 243, 240                                                                              \
    }

static const struct photo photos[] = {
    { "mug", MUG, { 40, 50, 120 }, OFF_WHITE, FLAT, NO_SHADOW, 1.5, true },
    { "mug, vignette", MUG, { 160, 40, 40 }, PLAIN_GREY, VIGNETTE, NO_SHADOW, 1.5, true },
    { "mug, side light", MUG, { 20, 110, 60 }, OFF_WHITE, SIDE_LIGHT, NO_SHADOW, 1, true },
    { "mug, blocks of JPEG", MUG, { 40, 50, 120 }, PLAIN_GREY, BLOCKS, NO_SHADOW, 0, true },
    { "shirt with white print", SHIRT, { 30, 30, 60 }, OFF_WHITE, FLAT, NO_SHADOW, 1.5, true },
    { "shirt, noise", SHIRT, { 150, 30, 60 }, PLAIN_GREY, FLAT, NO_SHADOW, 7, true },
    { "shirt on blue", SHIRT, { 30, 40, 150 }, { 70, 130, 210 }, FLAT, NO_SHADOW, 2, true },
    { "mug on white", MUG, { 40, 50, 120 }, { 255, 255, 255 }, FLAT, NO_SHADOW, 0, true },
    { "mug on white, noise", MUG, { 160, 40, 40 }, { 255, 255, 255 }, FLAT, NO_SHADOW, 1.5, true },
    { "shirt on white", SHIRT, { 30, 30, 60 }, { 255, 255, 255 }, FLAT, NO_SHADOW, 1.5, true },
    { "shoe with a pale sole", SHOE, { 30, 60, 160 }, PLAIN_GREY, FLAT, NO_SHADOW, 1.5, false },
    { "shoe with a pale sole, shadow",
      SHOE,
      { 30, 60, 160 },
      OFF_WHITE,
      FLAT,
      SOFT_SHADOW,
      1,
      false },
    { "shoe, side light", SHOE, { 160, 30, 60 }, OFF_WHITE, SIDE_LIGHT, NO_SHADOW, 3, false },
    { "rack", RACK, { 60, 60, 70 }, OFF_WHITE, FLAT, NO_SHADOW, 1, true },
    { "rack, side light", RACK, { 90, 40, 20 }, PLAIN_GREY, SIDE_LIGHT, NO_SHADOW, 1.5, true },
    { "thin wire", WIRE, { 20, 20, 20 }, OFF_WHITE, VIGNETTE, NO_SHADOW, 1, true },
    { "bottle, soft shadow", BOTTLE, { 30, 120, 60 }, OFF_WHITE, FLAT, SOFT_SHADOW, 1.5, true },
    { "bottle, hard shadow", BOTTLE, { 30, 60, 120 }, OFF_WHITE, FLAT, HARD_SHADOW, 1.5, false },
    { "bright bottle on black",
      BOTTLE,
      { 230, 200, 60 },
      { 14, 14, 15 },
      FLAT,
      NO_SHADOW,
      2,
      true },
    { "white shirt on white",
      SHIRT,
      { 245, 245, 243 },
      { 255, 255, 255 },
      FLAT,
      NO_SHADOW,
      0,
      false },
    { "white shirt on off-white",
      SHIRT,
      { 246, 246, 244 },
      OFF_WHITE,
      FLAT,
      NO_SHADOW,
      1.5,
      false },
    { "white shirt on grey", SHIRT, { 246, 246, 244 }, PLAIN_GREY, FLAT, SOFT_SHADOW, 1.5, false },
    { "grey mug on grey", MUG, { 215, 214, 210 }, PLAIN_GREY, VIGNETTE, NO_SHADOW, 1.5, false },
    { "black shirt on black", SHIRT, { 22, 22, 24 }, { 16, 16, 17 }, FLAT, NO_SHADOW, 2, false },
    { "fur", FUR, { 120, 90, 60 }, OFF_WHITE, FLAT, SOFT_SHADOW, 1.5, false },
    { "glass", GLASS, { 120, 130, 130 }, PLAIN_GREY, FLAT, NO_SHADOW, 1.5, false },
    { "glass, side light",
      GLASS,
      { 90, 100, 100 },
      OFF_WHITE,
      SIDE_LIGHT,
      SOFT_SHADOW,
      1.5,
      false },
};

static void product_is_cut_out_exactly_or_called_uncertain(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof photos / sizeof *photos; i++) {
        double overlap = cut(&photos[i]);

        if (overlap < 0 ? photos[i].must_work : overlap < 0.97) {
            fail_msg("%s: %.4f", photos[i].name, overlap);
        }
    }
}

static void openings_become_transparent_and_prints_stay(void **unused)
{
    static const struct photo mug = { "mug", MUG, { 40, 50, 120 }, OFF_WHITE, FLAT, NO_SHADOW,
                                      1,     true };
    static const struct photo shirt = { "shirt", SHIRT, { 40, 50, 120 }, OFF_WHITE, FLAT, NO_SHADOW,
                                        1,       true };
    uint8_t *truth = malloc(SIDE * SIDE);
    struct image image, out;
    struct error err;

    (void)unused;
    assert_non_null(truth);
    image = draw(&mug, truth);
    if (!image_cut_out(&image, &out, &err)) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(out.pixels[(470 * SIDE + 320) * 4 + 3], 0); /* inside the handle */
    image_free(&image);
    image_free(&out);
    image = draw(&shirt, truth);
    assert_true(image_cut_out(&image, &out, &err));
    assert_int_equal(out.pixels[(450 * SIDE + 450) * 4 + 3], 255); /* the print */
    image_free(&image);
    image_free(&out);
    free(truth);
}

/* No colour of the backdrop stays in pixels of the edge. */
static void edge_pixels_lose_the_colour_of_the_backdrop(void **unused)
{
    static const struct photo red = {
        "red on green", MUG, { 200, 20, 30 }, { 40, 190, 60 }, FLAT, NO_SHADOW, 1, true
    };
    uint8_t *truth = malloc(SIDE * SIDE);
    struct image image, out;
    struct error err;
    int soft = 0;

    (void)unused;
    assert_non_null(truth);
    image = draw(&red, truth);
    assert_true(image_cut_out(&image, &out, &err));
    for (int i = 0; i < SIDE * SIDE; i++) {
        const uint8_t *p = out.pixels + i * 4;

        if (p[3] > 0 && p[3] < 255) {
            soft++;
            assert_in_range(p[1], 0, 70);
        }
    }
    assert_in_range(soft, 100, 20000);
    image_free(&image);
    image_free(&out);
    free(truth);
}

static void white_product_keeps_its_pixels(void **unused)
{
    static const struct photo white = {
        "white on white", SHIRT, { 246, 246, 244 }, { 250, 250, 250 }, FLAT, NO_SHADOW, 0, false
    };
    uint8_t *truth = malloc(SIDE * SIDE);
    struct image image, out;
    struct error err;
    int lost = 0, product = 0;

    (void)unused;
    assert_non_null(truth);
    image = draw(&white, truth);
    assert_true(image_cut_from_white(&image, &out, &err));
    for (int i = 0; i < SIDE * SIDE; i++) {
        const uint8_t *in = image.pixels + i * 3, *p = out.pixels + i * 4;

        product += truth[i];
        /* A pixel that becomes clear is white then: it had almost the colour of white before. */
        lost += truth[i] && p[3] == 0 && 250 - in[1] > 4;
    }
    assert_true(product > 100000);
    assert_in_range(lost, 0, 20); /* specks */
    assert_int_equal(out.pixels[3], 0);
    image_free(&image);
    image_free(&out);
    free(truth);
}

static void smallest_photos_are_called_uncertain(void **unused)
{
    static const int sizes[][2] = { { 1, 1 }, { 1, 5000 }, { 5000, 1 }, { 16, 16 }, { 17, 3000 } };

    (void)unused;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (int channels = 3; channels <= 4; channels++) {
            struct image image = scene(sizes[i][0], sizes[i][1], channels, 30), out;
            struct error err;

            assert_false(image_cut_out(&image, &out, &err));
            assert_int_equal(err.kind, ERROR_INPUT);
            image_free(&image);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(product_is_cut_out_exactly_or_called_uncertain),
        cmocka_unit_test(openings_become_transparent_and_prints_stay),
        cmocka_unit_test(edge_pixels_lose_the_colour_of_the_backdrop),
        cmocka_unit_test(white_product_keeps_its_pixels),
        cmocka_unit_test(smallest_photos_are_called_uncertain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

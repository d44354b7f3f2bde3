/* test_light.c - the colour and brightness of the light are taken from a colour. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "image/colour/lab.h"
#include "image/colour/light.h"

/* Sets the colour that a camera records of an sRGB colour in light with these parts of red, green
 * and blue. */
static void record(const uint8_t rgb[3], const double light[3], float lab[3])
{
    uint8_t seen[3];

    for (int c = 0; c < 3; c++) {
        seen[c] = (uint8_t)lround(255 * pow(pow(rgb[c] / 255.0, 2.2) * light[c], 1 / 2.2));
    }
    lab_of_srgb(seen, lab);
}

static double distance(const float a[3], const float b[3])
{
    return sqrt(pow(a[0] - b[0], 2) + pow(a[1] - b[1], 2) + pow(a[2] - b[2], 2));
}

static void colours_are_as_in_white_light(void **unused)
{
    static const double lights[][3] = { { 1, 0.93, 0.75 }, { 0.86, 0.95, 1 }, { 0.95, 1, 0.88 } };
    static const uint8_t grey[3] = { 210, 210, 210 };
    static const uint8_t colours[][3] = {
        { 240, 240, 238 }, { 30, 30, 34 }, { 40, 90, 200 }, { 190, 60, 50 }, { 120, 130, 90 },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof lights / sizeof *lights; i++) {
        struct light light = { .gain = 1 };

        record(grey, lights[i], light.grey);
        assert_true(light_may_have_colour(light.grey));
        for (size_t k = 0; k < sizeof colours / sizeof *colours; k++) {
            float seen[3], taken[3], right[3];

            record(colours[k], lights[i], seen);
            for (int c = 0; c < 3; c++) {
                taken[c] = seen[c];
            }
            light_take(&light, taken);
            lab_of_srgb(colours[k], right);
            assert_true(distance(taken, right) < 8);
            assert_true(distance(taken, right) < distance(seen, right) + 2);
        }
    }
}

static void dark_photo_becomes_as_bright_as_its_backdrop_allows(void **unused)
{
    static const double dark[3] = { 0.45, 0.45, 0.45 };
    static const uint8_t white[3] = { 240, 240, 240 }, blue[3] = { 40, 90, 200 };
    struct light light = { .gain = 1 };
    float backdrop[3], right[3], seen[3];

    (void)unused;
    record(white, dark, backdrop);
    lab_of_srgb(white, right);
    light.gain = (right[0] + LIGHT_OFFSET) / (backdrop[0] + LIGHT_OFFSET);
    record(blue, dark, seen);
    light_take(&light, seen);
    lab_of_srgb(blue, right);
    assert_true(distance(seen, right) < 3);
}

static void no_light_changes_nothing(void **unused)
{
    struct light none = { .gain = 0 };
    float lab[3] = { 50, 20, -30 };
    const float same[3] = { 50, 20, -30 }, neutral[3] = { 80, 0.5F, -1 }, wall[3] = { 40, 60, 30 };

    (void)unused;
    light_take(&none, lab);
    assert_true(distance(lab, same) < 0.01);
    assert_false(light_may_have_colour(neutral));
    assert_false(light_may_have_colour(wall)); /* a red wall */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colours_are_as_in_white_light),
        cmocka_unit_test(dark_photo_becomes_as_bright_as_its_backdrop_allows),
        cmocka_unit_test(no_light_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

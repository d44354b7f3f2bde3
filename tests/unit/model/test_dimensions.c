/* test_dimensions.c - dimensions in sellers' texts, and numbers that are not dimensions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "model/brief.h"

struct phrase {
    const char *text;
    const char *found; /* "label=12 cm|label=3 in", in order */
};

static void expect(const struct phrase *phrases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct arena *arena = arena_new();
        struct dimension list[BRIEF_DIMENSIONS];
        char got[400] = "";
        int found = dimensions_find(phrases[i].text, arena, list, BRIEF_DIMENSIONS);

        for (int d = 0; d < found; d++) {
            size_t used = strlen(got);

            snprintf(got + used, sizeof got - used, "%s%s=%s", d ? "|" : "", list[d].label,
                     list[d].text);
        }
        if (strcmp(got, phrases[i].found) != 0) {
            fail_msg("\"%s\": wanted '%s', got '%s'", phrases[i].text, phrases[i].found, got);
        }
        arena_free(arena);
    }
}

static void dimensions_are_found(void **state)
{
    static const struct phrase phrases[] = {
        { "24 x 7 cm", "width=24 cm|height=7 cm" },
        { "24x7cm", "width=24 cm|height=7 cm" },
        { "24 \xc3\x97 7 \xc3\x97 7.5 cm", "length=24 cm|width=7 cm|height=7.5 cm" },
        { "30 by 20 by 10 centimetres", "length=30 cm|width=20 cm|height=10 cm" },
        { "12\" x 8\"", "width=12 in|height=8 in" },
        { "12 in x 8 in", "width=12 in|height=8 in" },
        { "12 in. x 8 in.", "width=12 in|height=8 in" },
        { "10cm x 20cm", "width=10 cm|height=20 cm" },
        { "Height: 12 in", "height=12 in" },
        { "HEIGHT: 12 IN", "height=12 in" },
        { "10 inches tall", "height=10 in" },
        { "a 10-inch-tall lamp", "height=10 in" },
        { "\xc3\x98 8 cm", "diameter=8 cm" },
        { "8 cm diameter", "diameter=8 cm" },
        { "8 cm in diameter", "diameter=8 cm" },
        { "12 in in length", "length=12 in" },
        { "Thickness 3 mm", "thickness=3 mm" },
        { "3 mm thick", "thickness=3 mm" },
        { "a cable 2 m long", "length=2 m" },
        { "6 feet long", "length=6 ft" },
        { "7,5 cm wide", "width=7.5 cm" },
        { "1,200 mm wide", "width=1200 mm" },
        { "0,125 m deep", "depth=0.125 m" },
        { "1/2 inch thick", "thickness=0.5 in" },
        { "5 1/2 inches tall", "height=5.5 in" },
        { "Height 10 cm Width 5 cm", "height=10 cm|width=5 cm" },
        { "Height 10 in Width 5 in", "height=10 in|width=5 in" },
        { "10 cm tall and 5 cm wide", "height=10 cm|width=5 cm" },
        { "10 inches tall, 4 inches wide", "height=10 in|width=4 in" },
        { "made of steel. 30 cm. Dishwasher safe", "=30 cm" },
        { "30 cm plate; 30 cm", "=30 cm" },
        { "12 cm/4.7 in", "=12 cm|=4.7 in" },
    };

    (void)state;
    expect(phrases, sizeof phrases / sizeof *phrases);
}

static void other_numbers_are_ignored(void **state)
{
    static const char *const texts[] = {
        "",
        "cm",
        "x",
        "24",
        "keeps drinks cold for 24 hours",
        "pack of 12",
        "750 ml",
        "750ml",
        "pack of 12 in a box",
        "12 in 1 tool",
        "3-in-1 charger",
        "2 in 1",
        "only 5 in stock",
        "available in 3 in Black",
        "call +1 555 123 4567",
        "555-1234",
        "(030) 123 45 67",
        "1080p",
        "5000 mAh",
        "15 W",
        "IP68",
        "4K",
        "16 GB",
        "24/7 support",
        "2023 x model",
        "bluetooth range 10 m",
        "range of 10 m",
        "waterproof to 50 m",
        "water-resistant to 5 m",
        "3.5 mm jack",
        "fits 30 cm pans",
        "5 m\xc2\xb2",
        "3 m/s",
        "10 ft-lb",
        "10 ft lbs",
        "5M users",
        "version 1.2.3 cm",
        "0 cm",
        "1000000 cm",
        "99999999999999999999999999 cm",
        "10-12 cm",
        "the \"Pro 5\" series",
        "\xe2\x80\x9cPro 5\xe2\x80\x9d series",
        "5'10\" ",
        "EUR 12",
        "12 months",
        "model X12cm3",
        "1/0 cm",
        "3/2 cm",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        expect(&(struct phrase){ texts[i], "" }, 1);
    }
}

static void label_belongs_to_the_closest_number(void **state)
{
    static const struct phrase phrases[] = {
        { "long-lasting 12 cm candle", "=12 cm" },
        { "12 cm high-quality steel", "=12 cm" },
        { "12 cm high quality steel", "=12 cm" },
        { "the highest of all, 12 cm", "=12 cm" },
        { "oblong 12 cm", "=12 cm" },
        { "wavelength 5 mm", "=5 mm" },
        { "Width 5 cm. 10 cm", "width=5 cm|=10 cm" },
    };

    (void)state;
    expect(phrases, sizeof phrases / sizeof *phrases);
}

static void capacity_is_not_exceeded(void **state)
{
    struct arena *arena = arena_new();
    struct dimension list[2];

    (void)state;
    assert_int_equal(dimensions_find("1 x 2 x 3 cm", arena, list, 2), 2);
    assert_int_equal(dimensions_find("1 cm, 2 cm, 3 cm", arena, list, 2), 2);
    assert_int_equal(dimensions_find("1 cm", arena, list, 0), 0);
    assert_true(list[1].value == 2);
    assert_string_equal(list[1].unit, "cm");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dimensions_are_found),
        cmocka_unit_test(other_numbers_are_ignored),
        cmocka_unit_test(label_belongs_to_the_closest_number),
        cmocka_unit_test(capacity_is_not_exceeded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

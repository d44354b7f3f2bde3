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

struct phrase_case {
    const char *text;
    const char *found; /* "height=12 cm|handle length=3 in", in order */
    const char *names; /* of the product; NULL for unknown */
};

static void expect(const struct phrase_case *phrases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct arena *arena = arena_new();
        struct dimension list[BRIEF_DIMENSIONS];
        char got[400] = "";
        const char *names = phrases[i].names ? phrases[i].names : "";
        int found = dimensions_find(phrases[i].text, names, arena, list, BRIEF_DIMENSIONS);

        for (int d = 0; d < found; d++) {
            size_t used = strlen(got);

            snprintf(got + used, sizeof got - used, "%s%s=%s", d ? "|" : "", list[d].name,
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
    static const struct phrase_case phrases[] = {
        { "24 x 7 cm", "=24 cm|=7 cm", NULL },
        { "24x7cm", "=24 cm|=7 cm", NULL },
        { "24 \xc3\x97 7 \xc3\x97 7.5 cm", "=24 cm|=7 cm|=7.5 cm", NULL },
        { "30 by 20 by 10 centimetres", "=30 cm|=20 cm|=10 cm", NULL },
        { "12\" x 8\"", "=12 in|=8 in", NULL },
        { "12 in x 8 in", "=12 in|=8 in", NULL },
        { "12 in. x 8 in.", "=12 in|=8 in", NULL },
        { "10cm x 20cm", "=10 cm|=20 cm", NULL },
        { "Height: 12 in", "height=12 in", NULL },
        { "HEIGHT: 12 IN", "height=12 in", NULL },
        { "10 inches tall", "height=10 in", NULL },
        { "a 10-inch-tall lamp", "height=10 in", NULL },
        { "\xc3\x98 8 cm", "diameter=8 cm", NULL },
        { "8 cm diameter", "diameter=8 cm", NULL },
        { "8 cm in diameter", "diameter=8 cm", NULL },
        { "12 in in length", "length=12 in", NULL },
        { "Thickness 3 mm", "thickness=3 mm", NULL },
        { "3 mm thick", "thickness=3 mm", NULL },
        { "a cable 2 m long", "cable length=2 m", NULL },
        { "6 feet long", "length=6 ft", NULL },
        { "7,5 cm wide", "width=7.5 cm", NULL },
        { "1,200 mm wide", "width=1200 mm", NULL },
        { "0,125 m deep", "depth=0.125 m", NULL },
        { "1/2 inch thick", "thickness=0.5 in", NULL },
        { "5 1/2 inches tall", "height=5.5 in", NULL },
        { "Height 10 cm Width 5 cm", "height=10 cm|width=5 cm", NULL },
        { "Height 10 in Width 5 in", "height=10 in|width=5 in", NULL },
        { "10 cm tall and 5 cm wide", "height=10 cm|width=5 cm", NULL },
        { "10 inches tall, 4 inches wide", "height=10 in|width=4 in", NULL },
        { "made of steel. 30 cm. Dishwasher safe", "=30 cm", NULL },
        { "30 cm plate; 30 cm", "=30 cm", NULL },
        { "12 cm/4.7 in", "=12 cm", NULL },
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
        expect(&(struct phrase_case){ texts[i], "", NULL }, 1);
    }
}

static void label_belongs_to_the_closest_number(void **state)
{
    static const struct phrase_case phrases[] = {
        { "long-lasting 12 cm candle", "=12 cm", NULL },
        { "12 cm high-quality steel", "=12 cm", NULL },
        { "12 cm high quality steel", "=12 cm", NULL },
        { "the highest of all, 12 cm", "=12 cm", NULL },
        { "oblong 12 cm", "=12 cm", NULL },
        { "wavelength 5 mm", "=5 mm", NULL },
        { "Width 5 cm. 10 cm", "width=5 cm|=10 cm", NULL },
    };

    (void)state;
    expect(phrases, sizeof phrases / sizeof *phrases);
}

/* A number belongs to the part that its sentence names, not to the product. */
static void numbers_of_parts_are_not_the_product(void **state)
{
    static const struct phrase_case phrases[] = {
        { "30 cm handle, 36 cm long", "handle=30 cm|length=36 cm", "Wooden Spoon" },
        { "40 mm drivers", "drivers=40 mm", "Studio Headphones" },
        { "Powerful 40mm drivers and 20 h of music", "drivers=40 mm", "Studio Headphones" },
        { "A 15 cm blade and a 12 cm handle", "blade=15 cm|handle=12 cm", "Chef's Knife" },
        { "Blade length: 20 cm. Overall length: 33 cm.", "Blade length=20 cm|length=33 cm",
          "Chef's Knife" },
        { "Length of the handle: 30 cm", "handle length=30 cm", "Spoon" },
        { "The handle is 30 cm long", "handle length=30 cm", "Spoon" },
        { "The strap measures 110 cm", "strap=110 cm", "Leather Bag" },
        { "1.5 m USB-C cable", "USB-C cable=1.5 m", "Desk Lamp" },
        { "Seat height: 45 cm, total height 90 cm", "Seat height=45 cm|height=90 cm", "Oak Chair" },
        { "24 cm tall and 7 cm wide with a 5 cm lid", "height=24 cm|width=7 cm|lid=5 cm",
          "Steel Bottle" },
        { "8 cm lid diameter, 12 cm high", "lid diameter=8 cm|height=12 cm", "Jar" },
        { "8 mm wooden beads, 45 cm long", "wooden beads=8 mm|length=45 cm", "Necklace" },
        { "15.6 inch screen", "screen=15.6 in", "Laptop" },
        { "10 x 12 cm pocket, 30 x 40 cm", "pocket=10 cm|pocket=12 cm|=30 cm|=40 cm", "Tote Bag" },
        { "with 5 cm memory foam", "memory foam=5 cm", "Dog Bed" },
        { "Griff: 12 cm, Gesamtlänge 33 cm", "Griff=12 cm|=33 cm", "Kochmesser" },
        { "Henkel 30 cm lang", "Henkel length=30 cm", "Tasche" },
        { "12 in handle, 30 in long", "handle=12 in|length=30 in", "Shovel" },
    };

    (void)state;
    expect(phrases, sizeof phrases / sizeof *phrases);
}

static void nouns_that_name_the_product_are_the_product(void **state)
{
    static const struct phrase_case phrases[] = {
        { "A 30 cm plate.", "=30 cm", "Stoneware Plate" },
        { "This set has 30 cm plates", "=30 cm", "Stoneware Plate Set" },
        { "A 40 cm lamp.", "=40 cm", "Aurora" },
        { "Glass lid, 24 cm lid", "=24 cm", "Glass Lid" },
        { "The 24 cm lid", "lid=24 cm", "Pot with Lid" },
        { "The mug is 9 cm tall.", "height=9 cm", "Clay Mug" },
        { "It is a 26 cm pan", "=26 cm", "Frying Pan" },
        { "Storage box: 30 x 20 cm", "=30 cm|=20 cm", "Storage Box" },
    };

    (void)state;
    expect(phrases, sizeof phrases / sizeof *phrases);
}

static void other_things_are_not_measured(void **state)
{
    static const struct phrase_case phrases[] = {
        { "Box: 30 x 20 x 10 cm", "", "Clay Cup" },
        { "Package dimensions: 30 x 20 x 10 cm. Height 9 cm", "height=9 cm", "Clay Cup" },
        { "For 13 inch laptops", "", "Backpack" },
        { "Fits up to 30 cm pans", "", "Pan Rack" },
        { "f\xc3\xbcr 28 cm Pfannen", "", "Deckel" },
        { "Height 9 cm (3.5 in)", "height=9 cm", "Clay Cup" },
        { "9 x 8 x 8.5 cm (3.5 x 3.1 x 3.3 in)", "=9 cm|=8 cm|=8.5 cm", "Clay Cup" },
        { "100 mm (10 cm) wide", "width=100 mm", "Clay Cup" },
    };

    (void)state;
    expect(phrases, sizeof phrases / sizeof *phrases);
}

static void the_order_of_axes_is_read(void **state)
{
    static const struct phrase_case phrases[] = {
        { "9 x 8 x 8.5 cm", "=9 cm|=8 cm|=8.5 cm", "Clay Mug" },
        { "Dimensions (L x W x H): 9 x 8 x 8.5 cm", "length=9 cm|width=8 cm|height=8.5 cm", NULL },
        { "9 x 8 x 8.5 cm (L x W x H)", "length=9 cm|width=8 cm|height=8.5 cm", NULL },
        { "LxWxH: 9x8x8.5 cm", "length=9 cm|width=8 cm|height=8.5 cm", NULL },
        { "B x T x H 9 x 8 x 8,5 cm", "width=9 cm|depth=8 cm|height=8.5 cm", NULL },
        { "L x l x H : 30 x 20 x 10 cm", "length=30 cm|width=20 cm|height=10 cm", NULL },
        { "9 L x 8 W x 8.5 H cm", "length=9 cm|width=8 cm|height=8.5 cm", NULL },
        { "9\"L x 8\"W x 8.5\"H", "length=9 in|width=8 in|height=8.5 in", NULL },
        { "9cm (L) x 8cm (W) x 8.5cm (H)", "length=9 cm|width=8 cm|height=8.5 cm", NULL },
        { "L 9 x W 8 x H 8.5 cm", "length=9 cm|width=8 cm|height=8.5 cm", NULL },
        { "\xc3\x98"
          "8 x H10 cm",
          "diameter=8 cm|height=10 cm", NULL },
        { "\xc3\x98 8 x 10 cm", "diameter=8 cm|=10 cm", NULL },
        { "Size: 9*8*8.5cm", "=9 cm|=8 cm|=8.5 cm", NULL },
        { "12cm (H) x 8cm (W)", "height=12 cm|width=8 cm", NULL },
        { "H: 9 cm, W: 8 cm", "height=9 cm|width=8 cm", NULL },
        { "width x height: 30 x 20 in", "width=30 in|height=20 in", NULL },
        { "Breite x H\xc3\xb6he: 30 x 20 cm", "width=30 cm|height=20 cm", NULL },
        { "H\xc3\x96HE: 12 cm", "height=12 cm", NULL },
        { "hauteur 12 cm, largeur 8 cm", "height=12 cm|width=8 cm", NULL },
        { "12 cm de alto y 8 cm de ancho", "height=12 cm|width=8 cm", NULL },
        { "30 cm T-shirt", "=30 cm", "T-shirt" },
    };

    (void)state;
    expect(phrases, sizeof phrases / sizeof *phrases);
}

static void capacity_is_not_exceeded(void **state)
{
    struct arena *arena = arena_new();
    struct dimension list[2];

    (void)state;
    assert_int_equal(dimensions_find("1 x 2 x 3 cm", "", arena, list, 2), 2);
    assert_int_equal(dimensions_find("1 cm, 2 cm, 3 cm", "", arena, list, 2), 2);
    assert_int_equal(dimensions_find("1 cm", "", arena, list, 0), 0);
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
        cmocka_unit_test(numbers_of_parts_are_not_the_product),
        cmocka_unit_test(nouns_that_name_the_product_are_the_product),
        cmocka_unit_test(other_things_are_not_measured),
        cmocka_unit_test(the_order_of_axes_is_read),
        cmocka_unit_test(capacity_is_not_exceeded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

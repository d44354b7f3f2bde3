/* test_dimension_view.c - dimensions of payloads, the view of a silhouette, and printed sizes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "model/brief.h"

static void expect_payload(const char *json, const char *expected)
{
    struct arena *arena = arena_new();
    struct dimension list[BRIEF_DIMENSIONS];
    cJSON *value = cJSON_Parse(json);
    char got[400] = "";
    int found = dimensions_read(value, "Clay Cup", arena, list, BRIEF_DIMENSIONS);

    for (int d = 0; d < found; d++) {
        size_t used = strlen(got);

        snprintf(got + used, sizeof got - used, "%s%s=%s", d ? "|" : "", list[d].name,
                 list[d].text);
    }
    if (strcmp(got, expected) != 0) {
        fail_msg("%s: wanted '%s', got '%s'", json, expected, got);
    }
    cJSON_Delete(value);
    arena_free(arena);
}

static void payloads_give_dimensions_in_several_forms(void **state)
{
    (void)state;
    expect_payload("\"Height: 12 cm, width 8 cm\"", "height=12 cm|width=8 cm");
    expect_payload("{\"height\": 12, \"width\": 8.5, \"unit\": \"cm\"}",
                   "height=12 cm|width=8.5 cm");
    expect_payload("{\"H\": \"12 cm\", \"W\": \"3 in\"}", "height=12 cm|width=3 in");
    expect_payload("{\"handle\": {\"length\": \"30\"}, \"length\": \"36\", \"units\": \"cm\"}",
                   "handle length=30 cm|length=36 cm");
    expect_payload("[{\"label\": \"Height\", \"value\": \"12\", \"unit\": \"inches\"},"
                   " {\"label\": \"Lid\", \"value\": \"4 cm\"}]",
                   "height=12 in|Lid=4 cm");
    expect_payload("[\"Height 9 cm\", \"Width 8 cm\"]", "height=9 cm|width=8 cm");
    expect_payload("{\"height\": 12}", ""); /* no unit */
    expect_payload("{\"weight\": \"2 kg\", \"height\": \"tall\"}", "");
    expect_payload("{\"height\": -3, \"unit\": \"cm\"}", "");
    expect_payload("null", "");
    expect_payload("[[[1]], 5, true]", "");
}

struct view_case {
    const char *text;
    double aspect;
    const char *horizontal, *vertical; /* "width=9 cm"; "" for none */
};

static const char *drawn(const struct dimension *list, int i, enum dimension_axis axis, char *out)
{
    out[0] = '\0';
    if (i >= 0) {
        snprintf(out, 60, "%s=%s", axis_name(axis), list[i].text);
    }
    return out;
}

/* The silhouette decides which numbers are its extents. */
static void an_axis_is_drawn_where_the_image_shows_it(void **state)
{
    static const struct view_case cases[] = {
        { "9 x 8 x 8.5 cm", 1.06, "width=9 cm", "height=8.5 cm" },
        { "8 x 8 x 20 cm", 0.4, "width=8 cm", "height=20 cm" },
        { "20 x 8 x 8 cm", 0.4, "width=8 cm", "height=20 cm" }, /* H x W x D */
        { "24 x 7 cm", 0.29, "width=7 cm", "height=24 cm" },
        { "24 x 7 cm", 3.4, "width=24 cm", "height=7 cm" },
        { "24 x 7 cm", 0.43, "width=7 cm", "height=24 cm" }, /* photographed from above */
        { "24 x 7 x 7 cm", 0.43, "width=7 cm", "height=24 cm" },
        { "24 x 7 cm", 1.0, "?", "?" },
        { "9 x 8 cm", 1.3, "?", "?" },
        { "9 x 8 x 8.5 cm", 2.0, "?", "?" },
        { "8 x 8 x 20 cm", 0.55, "?", "?" },
        { "30 x 20 x 10 cm", 1.0, "?", "?" },
        { "Height 24 cm, width 7 cm", 0.3, "width=7 cm", "height=24 cm" },
        { "Height 24 cm, width 7 cm", 3.43, "height=24 cm", "width=7 cm" }, /* it lies */
        { "Height 24 cm, width 7 cm", 0.45, "width=7 cm", "height=24 cm" }, /* some perspective */
        { "30 cm handle, 36 cm long", 0.2, "", "length=36 cm" },
        { "30 cm handle, 36 cm long", 5, "length=36 cm", "" },
        { "40 mm drivers", 1, "", "" },
        { "Height 9 cm, depth 5 cm", 0.5, "", "height=9 cm" },
        { "Diameter 8 cm, height 10 cm", 0.8, "diameter=8 cm", "height=10 cm" },
        { "Length 60 cm, width 40 cm", 0.66, "width=40 cm", "length=60 cm" },
        { "Length 60 cm, width 30 cm, height 20 cm", 3, "length=60 cm", "height=20 cm" },
        { "Length 60 cm, width 30 cm, height 20 cm", 1.5, "width=30 cm", "height=20 cm" },
        { "\xc3\x98 8 x 10 cm", 0.8, "diameter=8 cm", "height=10 cm" },
        { "\xc3\x98 8 x 10 cm", 1.6, "diameter=8 cm", "" },
        { "30 cm", 2, "=30 cm", "" },
        { "30 cm", 0.5, "", "=30 cm" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        struct dimension list[BRIEF_DIMENSIONS];
        int count = dimensions_find(cases[i].text, "Mug", arena, list, BRIEF_DIMENSIONS);
        struct dimension_view view = dimensions_view(list, count, cases[i].aspect);
        char horizontal[60], vertical[60];
        bool asks = strcmp(cases[i].horizontal, "?") == 0;

        drawn(list, view.horizontal, view.horizontal_axis, horizontal);
        drawn(list, view.vertical, view.vertical_axis, vertical);
        if (view.ambiguous != asks || (!asks && (strcmp(horizontal, cases[i].horizontal) != 0 ||
                                                 strcmp(vertical, cases[i].vertical) != 0))) {
            fail_msg("\"%s\" at %g: %s across, %s down%s", cases[i].text, cases[i].aspect,
                     horizontal, vertical, view.ambiguous ? ", ambiguous" : "");
        }
        arena_free(arena);
    }
}

static void sizes_are_printed_in_both_systems(void **state)
{
    struct arena *arena = arena_new();
    struct dimension list[BRIEF_DIMENSIONS];
    int count = dimensions_find("Height 9 cm; strap 6 ft; wall 3 mm thick; 30 x 20 cm", "Bag",
                                arena, list, BRIEF_DIMENSIONS);

    (void)state;
    assert_int_equal(count, 5);
    dimensions_print(list, count, UNITS_INCH_AND_CM, arena);
    assert_string_equal(list[0].text, "9 cm (3.5 in)");
    assert_string_equal(list[1].text, "6 ft (1.8 m)");
    assert_string_equal(list[2].text, "3 mm (0.12 in)");
    assert_string_equal(list[3].text, "30 cm (11.8 in)");
    assert_string_equal(list[4].series_text, "30 x 20 cm (11.8 x 7.9 in)");
    dimensions_print(list, count, UNITS_AS_GIVEN, arena);
    assert_string_equal(list[0].text, "9 cm");
    assert_string_equal(list[4].series_text, "30 x 20 cm");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(payloads_give_dimensions_in_several_forms),
        cmocka_unit_test(an_axis_is_drawn_where_the_image_shows_it),
        cmocka_unit_test(sizes_are_printed_in_both_systems),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Plots: SVG of every mark with escaped texts, texts that are cut to fit, contrast of colours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "bench/charts/plot.h"
#include "draw/colour.h"

static void svg_contains_every_mark(void **unused)
{
    static const struct point points[] = { { 1, 2 }, { 3, 4 }, { 5.04, 6 } };
    struct plot *plot = plot_new(100, 50, "a <b> & \"c\"");
    struct text out;

    (void)unused;
    plot_thin_line(plot, points[0], points[1], INK_GRID);
    plot_curve(plot, points, 3, INK_SERIES, true);
    plot_area(plot, points, 3, (enum ink)(INK_SERIES + 1));
    plot_bar(plot, points[0], points[1], INK_BAD, "<i>");
    plot_dot(plot, points[0], 2, INK_DIM, NULL);
    plot_ring(plot, points[0], 2, INK_BAD, "x");
    plot_label(plot, points[1], ANCHOR_END, INK_STRONG, "1 < 2");
    text_begin(&out, 10000);
    plot_svg(plot, "wide", &out);
    assert_string_equal(
        out.data,
        "<svg class=\"wide\" viewBox=\"0 0 100 50\" role=\"img\" aria-label=\"a &lt;b&gt; &amp; "
        "&quot;c&quot;\">\n"
        "<polyline class=\"hair l-grid\" points=\"1.0,2.0 3.0,4.0\"/>\n"
        "<polyline class=\"pen l-s0 dash\" points=\"1.0,2.0 3.0,4.0 5.0,6.0\"/>\n"
        "<polygon class=\"area f-s1\" points=\"1.0,2.0 3.0,4.0 5.0,6.0\"/>\n"
        "<rect class=\"f-bad\" x=\"1.0\" y=\"2.0\" width=\"2.0\" height=\"2.0\">"
        "<title>&lt;i&gt;</title></rect>\n"
        "<circle class=\"dot f-dim\" cx=\"1.0\" cy=\"2.0\" r=\"2.0\"/>\n"
        "<circle class=\"ring l-bad\" cx=\"1.0\" cy=\"2.0\" r=\"2.0\"><title>x</title></circle>\n"
        "<text class=\"f-ink\" x=\"3.0\" y=\"4.0\" text-anchor=\"end\">1 &lt; 2</text>\n"
        "</svg>\n");
    text_end(&out);
    plot_free(plot);
    plot_free(NULL);
}

static void texts_are_cut_to_fit(void **unused)
{
    struct plot *plot = plot_new(1, 1, "");

    (void)unused;
    assert_string_equal(plot_fit(plot, "short", 100), "short");
    assert_string_equal(plot_fit(plot, "much too long for it", 60), "much t\xe2\x80\xa6");
    assert_string_equal(plot_fit(plot, "\xe5\x9b\xbe\xe5\x83\x8f\xe5\x9b\xbe\xe5\x83\x8f", 40),
                        "\xe5\x9b\xbe\xe5\x83\x8f\xe2\x80\xa6");
    assert_string_equal(plot_fit(plot, "nothing", 0), "\xe2\x80\xa6");
    plot_free(plot);
}

/* WCAG 2.2: contrast against the background of at least 4.5 for text and 3 for shapes. */
static void colours_have_enough_contrast(void **unused)
{
    (void)unused;
    for (int dark = 0; dark < 2; dark++) {
        struct colour card = colour_hex(ink_colour(INK_CARD, dark));

        for (int i = INK_STRONG; i < INKS; i++) {
            double contrast = colour_contrast(card, colour_hex(ink_colour((enum ink)i, dark)));

            if (i != INK_GRID && contrast < (i >= INK_SERIES ? 3 : 4.5)) {
                fail_msg("%s has %.2f to 1", ink_name((enum ink)i), contrast);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(svg_contains_every_mark),
        cmocka_unit_test(texts_are_cut_to_fit),
        cmocka_unit_test(colours_have_enough_contrast),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

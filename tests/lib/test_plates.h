/* test_plates.h - pictures of twelve imaginary products, alone and in a scene. */
#ifndef TESTS_LIB_TEST_PLATES_H
#define TESTS_LIB_TEST_PLATES_H
#include "draw/shape.h"

/* A bottle, a lamp, a bag or a pot; another colour for each number. */
static inline void draw_test_product(struct canvas *canvas, int number, struct box box)
{
    static const unsigned colours[] = {
        0x1f5c63, 0xd8d2c4, 0x7a4b2a, 0x2f3e8f, 0xb8bcc2, 0x9aa5ad,
        0xb23a48, 0x22272b, 0x6a7f3f, 0x2d6a4f, 0xe0b04a, 0x5b6472
    };
    struct colour body = colour_hex(colours[number % 12]);
    struct colour dark = colour_mix(body, COLOUR_BLACK, 0.35);
    double x = box.x, y = box.y, w = box.width, h = box.height;

    switch (number % 3) {
    case 0:
        shape_panel(canvas, (struct box){ x + w * 0.3, y, w * 0.4, h * 0.16 }, w * 0.05, dark, 1);
        shape_panel(canvas, (struct box){ x, y + h * 0.17, w, h * 0.83 }, w * 0.2, body, 1);
        break;
    case 1:
        shape_panel(canvas, (struct box){ x + w * 0.44, y + h * 0.2, w * 0.12, h * 0.75 }, 2, dark,
                    1);
        shape_panel(canvas, (struct box){ x + w * 0.15, y, w * 0.7, h * 0.28 }, w * 0.3, body, 1);
        shape_panel(canvas, (struct box){ x, y + h * 0.92, w, h * 0.08 }, w * 0.04, body, 1);
        break;
    default:
        shape_outline(canvas, (struct box){ x + w * 0.3, y, w * 0.4, h * 0.5 }, w * 0.18, dark,
                      w * 0.05);
        shape_panel(canvas, (struct box){ x, y + h * 0.28, w, h * 0.72 }, w * 0.06, body, 1);
    }
}

static inline double test_product_ratio(int number) /* width to height */
{
    static const double ratios[] = { 0.36, 0.45, 1.5 };

    return ratios[number % 3];
}

/* Draws a plate with 3 channels, or with 4 if `alone`. The product takes the box of fractions. */
static inline bool draw_test_plate(int number, bool alone, struct box fractions, struct image *out,
                                   struct error *err)
{
    enum { EDGE = 1700 };
    struct canvas canvas;
    double ratio = test_product_ratio(number);
    struct box box = { fractions.x * EDGE, fractions.y * EDGE, fractions.width * EDGE,
                       fractions.height * EDGE };
    double width = box.width < box.height * ratio ? box.width : box.height * ratio;
    bool good;

    if (!canvas_new(EDGE, EDGE, &canvas, err)) {
        return false;
    }
    if (!alone) {
        shape_fade(&canvas, box_of_canvas(&canvas), colour_hex(0xe9e6e0), colour_hex(0xcfc9be));
    }
    box = (struct box){ box.x + (box.width - width) / 2, box.y + box.height - width / ratio, width,
                        width / ratio };
    draw_test_product(&canvas, number, box);
    good = canvas_image(&canvas, alone ? 4 : 3, out, err);
    canvas_free(&canvas);
    return good;
}
#endif

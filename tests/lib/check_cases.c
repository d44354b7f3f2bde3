/* check_cases.c - draws images that checks reject, one for each check. */
#include "lib/check_cases.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "draw/lettering.h"
#include "image/resize.h"

enum { SIDE = CHECK_CASE_SIDE, MARGIN = 40 };

struct image check_case_filled(int width, int height, int channels, uint8_t value)
{
    struct image image;
    struct error err;

    assert_true(image_new(width, height, channels, &image, &err));
    memset(image.pixels, value, (size_t)width * (size_t)height * (size_t)channels);
    return image;
}

static void fill_box(struct image *image, int left, int top, int right, int bottom, uint8_t value)
{
    for (int y = top; y < bottom; y++) {
        memset(image->pixels + (y * SIDE + left) * 3, value, (size_t)(right - left) * 3);
    }
}

/* Returns an image with a striped product on white, `margin` pixels from each edge and moved to the
 * right by `shift`. It has a dark mark in its upper left corner. */
static struct image product_image(int margin, int shift)
{
    struct image image = check_case_filled(SIDE, SIDE, 3, 255);
    int mark = (SIDE - 2 * margin) / 3;

    for (int y = margin; y < SIDE - margin; y++) {
        for (int x = margin + shift; x < SIDE - margin + shift; x++) {
            memset(image.pixels + (y * SIDE + x) * 3, (x * 7 + y * 3) % 11 < 5 ? 60 : 120, 3);
        }
    }
    fill_box(&image, margin + shift + mark / 2, margin + mark / 2, margin + shift + mark,
             margin + mark, 5);
    return image;
}

struct image check_case_fitting(void)
{
    return product_image(MARGIN, 0);
}

static struct image too_wide(void)
{
    return check_case_filled(SIDE, SIDE / 2, 3, 90);
}

static struct image too_small(void)
{
    return check_case_filled(SIDE / 2, SIDE / 2, 3, 90);
}

static struct image white_only(void)
{
    return check_case_filled(SIDE, SIDE, 3, 255);
}

static struct image transparent(void)
{
    return check_case_filled(SIDE, SIDE, 4, 120);
}

static struct image off_white(void)
{
    struct image image = product_image(MARGIN, 0);

    image.pixels[(5 * SIDE + 5) * 3] = 250;
    return image;
}

static struct image small_product(void)
{
    return product_image(SIDE / 3, 0);
}

static struct image shifted_product(void)
{
    return product_image(SIDE / 4, SIDE / 8);
}

static struct image without_detail(void)
{
    return check_case_filled(SIDE, SIDE, 3, 90);
}

static struct image half_product(void)
{
    struct image image = check_case_fitting();

    fill_box(&image, 0, SIDE / 2, SIDE, SIDE, 255);
    return image;
}

static struct image recoloured(void)
{
    struct image image = check_case_fitting();

    for (int i = 0; i < SIDE * SIDE; i++) {
        if (image.pixels[i * 3] < 250) {
            image.pixels[i * 3] = 230;
        }
    }
    return image;
}

static struct image mirrored(void)
{
    struct image image = check_case_fitting(), original = check_case_fitting();

    for (int i = 0; i < SIDE * SIDE; i++) {
        memcpy(image.pixels + i * 3, original.pixels + (i / SIDE * SIDE + SIDE - 1 - i % SIDE) * 3,
               3);
    }
    image_free(&original);
    return image;
}

static struct image with_prop(void)
{
    struct image image = product_image(SIDE / 5, 0);

    fill_box(&image, SIDE - 150, SIDE - 150, SIDE - 50, SIDE - 50, 80);
    return image;
}

static struct image without_texture(void)
{
    struct image image = check_case_fitting();

    fill_box(&image, MARGIN, MARGIN, SIDE - MARGIN, SIDE - MARGIN, 90);
    return image;
}

static struct image of_blocks(void)
{
    struct image image = check_case_filled(SIDE, SIDE, 3, 255);

    for (int i = 0; i < SIDE * SIDE; i++) {
        int x = i % SIDE / 4, y = i / SIDE / 4;

        memset(image.pixels + i * 3, (x * 7919 + y * 104729 + x * y * 31) % 200, 3);
    }
    return image;
}

/* The words of the photo are on the product: `photo_of_label` shows them right. */
static struct image with_label(const char *label)
{
    struct lettering how = { .weight = WEIGHT_SEMIBOLD, .size = 90, .colour = { 1, 1, 1 } };
    struct image image;
    struct canvas canvas;
    struct error err;

    assert_true(canvas_new(SIDE, SIDE, &canvas, &err));
    canvas_fill(&canvas, COLOUR_WHITE);
    canvas_colour(&canvas, (struct colour){ 0.1, 0.2, 0.5 }, 1);
    cairo_rectangle(canvas.cr, MARGIN, MARGIN, SIDE - 2 * MARGIN, SIDE - 2 * MARGIN);
    cairo_fill(canvas.cr);
    lettering_draw(&canvas, label, (struct box){ 120, 300, SIDE - 240, 300 }, &how);
    assert_true(canvas_image(&canvas, 3, &image, &err));
    canvas_free(&canvas);
    return image;
}

static struct image photo_of_label(void)
{
    return with_label("Mountain Coffee");
}

static struct image wrong_label(void)
{
    return with_label("Mauntian Caffea");
}

static struct image watermarked(void)
{
    struct image image = photo_of_label();

    for (int line = 0; line < 4; line++) { /* a tenth brighter */
        for (int y = 100 + line * 50; y < 110 + line * 50; y++) {
            for (int i = 150 * 3; i < (SIDE - 150) * 3; i++) {
                uint8_t *p = image.pixels + y * SIDE * 3 + i;

                *p = (uint8_t)(*p + (255 - *p) / 10);
            }
        }
    }
    return image;
}

static struct image promoted(void)
{
    struct lettering how = { .weight = WEIGHT_SEMIBOLD, .size = 90 };
    struct image image;
    struct canvas canvas;
    struct error err;

    assert_true(canvas_new(SIDE, SIDE, &canvas, &err));
    canvas_fill(&canvas, COLOUR_WHITE);
    lettering_draw(&canvas, "Best Seller", (struct box){ 100, 100, SIDE - 200, 300 }, &how);
    assert_true(canvas_image(&canvas, 3, &image, &err));
    canvas_free(&canvas);
    return image;
}

/* The product at 60 % of its size, on grey. */
static struct image watermarked_in_scene(void)
{
    struct image scene = check_case_filled(SIDE, SIDE, 3, 150), label = watermarked(), small;
    struct error err;

    assert_true(image_scale(&label, SIDE * 3 / 5, SIDE * 3 / 5, &small, &err));
    for (int y = 0; y < small.height; y++) {
        memcpy(scene.pixels + ((y + 250) * SIDE + 200) * 3, small.pixels + y * small.width * 3,
               (size_t)small.width * 3);
    }
    image_free(&label);
    image_free(&small);
    return scene;
}

static struct image noisy(void)
{
    struct image image = check_case_filled(SIDE, SIDE, 3, 128);
    uint64_t state = 7;

    for (int i = 0; i < SIDE * SIDE * 3; i++) {
        image.pixels[i] = (uint8_t)(128 + fmin(fmax(20 * random_normal(&state), -100), 100));
    }
    return image;
}

const struct check_case check_cases[] = {
    { "dimensions", too_small, 1000, check_case_fitting, NULL, false },
    { "ratio", too_wide, 1000, check_case_fitting, NULL, false },
    { "blank", white_only, 1000, check_case_fitting, NULL, false },
    { "alpha", transparent, 1000, check_case_fitting, NULL, false },
    { "white", off_white, 1000, check_case_fitting, NULL, false },
    { "fill", small_product, 1000, check_case_fitting, NULL, false },
    { "centred", shifted_product, 1000, check_case_fitting, NULL, false },
    { "sharpness", without_detail, 1000, check_case_fitting, NULL, false },
    { "file_size", check_case_fitting, 100000000, check_case_fitting, NULL, false },
    { "foreign_text", promoted, 1000, check_case_fitting, NULL, false },
    { "product_outline", half_product, 1000, check_case_fitting, NULL, false },
    { "product_colours", recoloured, 1000, check_case_fitting, NULL, false },
    { "product_details", mirrored, 1000, check_case_fitting, NULL, false },
    { "product_alone", with_prop, 1000, check_case_fitting, NULL, false },
    { "product_in_scene", white_only, 1000, check_case_fitting, NULL, false },
    { "scene_product", half_product, 1000, check_case_fitting, NULL, true },
    { "scene_focus", watermarked_in_scene, 1000, photo_of_label, NULL, true },
    { "noise", noisy, 1000, photo_of_label, NULL, true },
    { "focus", without_texture, 1000, check_case_fitting, NULL, false },
    { "pixel_blocks", of_blocks, 1000, check_case_fitting, NULL, false },
    { "flat_areas", without_detail, 1000, check_case_fitting, NULL, false },
    { "typeset_text", without_detail, 1000, check_case_fitting, NULL, false },
    { "label_text", wrong_label, 1000, photo_of_label, NULL, false },
    { "marks", watermarked, 1000, photo_of_label, NULL, false },
    { "painted_text", promoted, 1000, check_case_fitting, "Steel bottle", false },
    { .check = NULL },
};

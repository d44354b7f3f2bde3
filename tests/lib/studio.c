/* studio.c - products of the labelled answers, and their photos. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/embed.h"
#include "base/random.h"
#include "draw/lettering.h"
#include "draw/product.h"
#include "draw/shape.h"
#include "lib/answer_cases.h"

enum { PHOTO_SIDE = 800, BACKDROP = 226, TIN_WIDTH = 620, TIN_HEIGHT = 820, BAG_SIDE = 760 };

/* A photographed product has a texture everywhere. */
static cairo_surface_t *surface_of(struct canvas *canvas)
{
    struct image image;
    cairo_surface_t *out;
    struct error err;

    shape_grain(canvas, 5);
    assert_true(canvas_image(canvas, 4, &image, &err));
    assert_true(surface_from_image(&image, &out, &err));
    image_free(&image);
    canvas_free(canvas);
    return out;
}

/* A tin with a label, a handle at its right side and a pattern. */
cairo_surface_t *studio_tin(const char *name)
{
    struct lettering type = { .weight = WEIGHT_EXTRABOLD,
                              .size = 74,
                              .colour = { 0.97, 0.95, 0.9 },
                              .align = ALIGN_CENTRE,
                              .balanced = true };
    struct canvas canvas;
    struct error err;

    assert_true(canvas_new(TIN_WIDTH, TIN_HEIGHT, &canvas, &err));
    shape_outline(&canvas, (struct box){ 480, 220, 120, 320 }, 60, colour_hex(0x30343a), 34);
    shape_panel(&canvas, (struct box){ 0, 0, 520, TIN_HEIGHT }, 30, colour_hex(0x1d3f72), 1);
    shape_panel(&canvas, (struct box){ 0, 0, 520, 90 }, 30, colour_hex(0x9aa3ad), 1);
    for (int i = 0; i < 9; i++) {
        shape_disc(&canvas, 50 + i * 52, 730, 12 + i, colour_hex(0xd9a441), 1);
    }
    lettering_draw(&canvas, name, (struct box){ 20, 230, 480, 240 }, &type);
    type.size = 44;
    lettering_draw(&canvas, "Dark roast", (struct box){ 20, 520, 480, 80 }, &type);
    return surface_of(&canvas);
}

/* A bag with a pocket at its left side, of a coarse fabric. */
static cairo_surface_t *bag(void)
{
    struct canvas canvas;
    struct error err;

    assert_true(canvas_new(BAG_SIDE, BAG_SIDE, &canvas, &err));
    shape_outline(&canvas, (struct box){ 230, 20, 300, 400 }, 140, colour_hex(0x4a2f1c), 36);
    shape_panel(&canvas, (struct box){ 0, 220, BAG_SIDE, 540 }, 40, colour_hex(0xb0452f), 1);
    shape_panel(&canvas, (struct box){ 60, 420, 300, 270 }, 24, colour_hex(0x8d3424), 1);
    shape_panel(&canvas, (struct box){ 60, 420, 300, 60 }, 24, colour_hex(0xe6c79c), 1);
    for (int i = 0; i < 26; i++) {
        shape_line(&canvas, (double[]){ 20 + i * 29.0, 240, 20 + i * 29.0, 740 },
                   colour_hex(i % 2 ? 0x9c3c28 : 0xbb5540), 3);
    }
    return surface_of(&canvas);
}

static cairo_surface_t *bottle(void)
{
    const struct embedded *file = embed_find("assets/demo/product.jpg");
    struct blob photo = blob_view(file->data, file->size);
    struct product product;
    struct error err;

    assert_true(product_open(&photo, &product, &err));
    assert_true(product.cut);
    image_free(&product.pixels);
    return product.surface;
}

static cairo_surface_t *product_of(int product)
{
    return product == 0 ? bottle() : product == 1 ? studio_tin("Mountain Coffee") : bag();
}

static uint8_t with_noise(int value, double noise)
{
    double out = value + noise + 0.5;

    return (uint8_t)(out < 0 ? 0 : out > 255 ? 255 : out);
}

static void take_photo(struct photo_studio *studio)
{
    struct answer_case row = { .name = "photo", .ground = BACKDROP, .placing = { .fill = 0.75 } };
    struct image small = answer_make(&row, studio, PHOTO_SIDE), photo;
    uint64_t state = 5;
    struct error err;

    assert_true(image_new(small.width, small.height, 3, &photo, &err));
    for (size_t i = 0; i < (size_t)photo.width * (size_t)photo.height * 3; i++) {
        photo.pixels[i] = with_noise(small.pixels[i], 1.2 * random_normal(&state));
    }
    assert_true(image_encode_jpeg(&photo, 92, false, &studio->photo, &err));
    image_free(&small);
    image_free(&photo);
}

void studio_open(int product, struct photo_studio *out)
{
    static const char *const names[ANSWER_PRODUCTS] = { "bottle", "tin", "bag" };

    *out = (struct photo_studio){ .name = names[product],
                                  .product = product_of(product),
                                  .other = product_of((product + 1) % ANSWER_PRODUCTS),
                                  .symmetric = product == 0 };
    out->width = cairo_image_surface_get_width(out->product);
    out->height = cairo_image_surface_get_height(out->product);
    out->other_width = cairo_image_surface_get_width(out->other);
    out->other_height = cairo_image_surface_get_height(out->other);
    take_photo(out);
}

void studio_close(struct photo_studio *studio)
{
    cairo_surface_destroy(studio->product);
    cairo_surface_destroy(studio->other);
    blob_free(&studio->photo);
}

/* answer_faults.c - what goes wrong with the pixels of an answer. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "image/measure.h"
#include "image/resize.h"
#include "lib/answer_cases.h"

static uint8_t clamped(double value)
{
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value + 0.5);
}

static uint8_t *pixel(const struct image *image, int x, int y)
{
    return image->pixels + ((size_t)y * (size_t)image->width + (size_t)x) * (size_t)image->channels;
}

static void scale_colours(struct image *image, double factor, double around)
{
    for (int i = 0; i < image->width * image->height; i++) {
        uint8_t *p = pixel(image, i, 0);

        for (int c = 0; c < 3; c++) {
            p[c] = clamped((p[c] - around) * factor + around);
        }
    }
}

void fault_brightness(struct image *image, double factor)
{
    scale_colours(image, factor, 0);
}

void fault_contrast(struct image *image, double factor)
{
    scale_colours(image, factor, 128);
}

void fault_hue(struct image *image, double unused)
{
    (void)unused;
    for (int i = 0; i < image->width * image->height; i++) {
        uint8_t *p = pixel(image, i, 0), red = p[0];

        p[0] = p[1];
        p[1] = p[2];
        p[2] = red;
    }
}

void fault_grey(struct image *image, double unused)
{
    (void)unused;
    for (int i = 0; i < image->width * image->height; i++) {
        uint8_t *p = pixel(image, i, 0);

        memset(p, (p[0] * 2 + p[1] * 5 + p[2]) / 8, 3);
    }
}

void fault_noise(struct image *image, double deviation)
{
    uint64_t state = 11;

    for (int i = 0; i < image->width * image->height; i++) {
        uint8_t *p = pixel(image, i, 0);

        for (int c = 0; c < 3; c++) {
            p[c] = clamped(p[c] + deviation * random_normal(&state));
        }
    }
}

void fault_enlarge(struct image *image, double factor)
{
    struct image small, large;
    struct error err;

    assert_true(image_scale(image, (int)(image->width / factor), (int)(image->height / factor),
                            &small, &err));
    assert_true(image_scale(&small, image->width, image->height, &large, &err));
    image_free(&small);
    image_free(image);
    *image = large;
}

void fault_blur(struct image *image, double factor)
{
    fault_enlarge(image, factor);
    fault_enlarge(image, factor * 1.1);
}

void fault_repeat(struct image *image, double factor)
{
    int by = (int)factor;

    for (int y = 0; y < image->height; y++) {
        for (int x = 0; x < image->width; x++) {
            memcpy(pixel(image, x, y), pixel(image, x / by * by, y / by * by),
                   (size_t)image->channels);
        }
    }
}

void fault_compress(struct image *image, double quality)
{
    struct image again;
    struct blob file;
    struct error err;

    assert_true(image_encode_jpeg(image, (int)quality, false, &file, &err));
    assert_true(image_decode(&file, NULL, &again, NULL, &err));
    blob_free(&file);
    image_free(image);
    *image = again;
}

/* -- missing parts --------------------------------------------------------------------------- */

static void erase(struct image *image, struct pixel_box box)
{
    for (int y = box.top; y <= box.bottom; y++) {
        for (int x = box.left; x <= box.right; x++) {
            memset(pixel(image, x, y), 0, (size_t)image->channels);
        }
    }
}

static struct pixel_box product_box(const struct image *image)
{
    struct pixel_box box;

    assert_int_equal(image->channels, 4);
    assert_true(measure_visible(image, 128, &box) > 0);
    return box;
}

void fault_erase_left(struct image *image, double share)
{
    struct pixel_box box = product_box(image);

    box.right = box.left + (int)((box.right - box.left) * share);
    erase(image, box);
}

void fault_erase_right(struct image *image, double share)
{
    struct pixel_box box = product_box(image);

    box.left = box.right - (int)((box.right - box.left) * share);
    erase(image, box);
}

void fault_erase_top(struct image *image, double share)
{
    struct pixel_box box = product_box(image);

    box.bottom = box.top + (int)((box.bottom - box.top) * share);
    erase(image, box);
}

void fault_erase_bottom(struct image *image, double share)
{
    struct pixel_box box = product_box(image);

    box.top = box.bottom - (int)((box.bottom - box.top) * share);
    erase(image, box);
}

void fault_hole(struct image *image, double share)
{
    struct pixel_box box = product_box(image);
    int across = (int)((box.right - box.left) * (1 - share) / 2);
    int down = (int)((box.bottom - box.top) * (1 - share) / 2);

    erase(image, (struct pixel_box){ box.left + across, box.top + down, box.right - across,
                                     box.bottom - down });
}

static void fill(struct image *image, struct pixel_box box, uint8_t value)
{
    for (int y = box.top; y <= box.bottom; y++) {
        for (int x = box.left; x <= box.right; x++) {
            memset(pixel(image, x, y), value, 3);
        }
    }
}

void fault_grey_bottom(struct image *image, double share)
{
    fill(image,
         (struct pixel_box){ 0, (int)(image->height * (1 - share)), image->width - 1,
                             image->height - 1 },
         128);
}

void fault_grey_right(struct image *image, double share)
{
    fill(image,
         (struct pixel_box){ (int)(image->width * (1 - share)), 0, image->width - 1,
                             image->height - 1 },
         128);
}

void fault_letterbox(struct image *image, double share)
{
    int bar = (int)(image->height * share);

    fill(image, (struct pixel_box){ 0, 0, image->width - 1, bar }, 0);
    fill(image,
         (struct pixel_box){ 0, image->height - 1 - bar, image->width - 1, image->height - 1 }, 0);
}

/* soft.c - blurred shapes: drawn as a small mask, blurred, and painted in one colour. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/shape.h"

/* BLUR_MAX: pixels of a mask, which is drawn at a smaller size if the blur is wider. RADIUS_MAX: of
 * its means. PASSES: three approximate a Gaussian. */
enum { BLUR_MAX = 6, RADIUS_MAX = BLUR_MAX / 2 + 1, PASSES = 3 };

struct mask_box { /* in pixels of a mask; right and bottom are outside */
    int left, top, right, bottom;
};

/* Returns a box with all pixels of the mask that are not 0. */
static struct mask_box box_of_mask(const uint8_t *data, int width, int height, int stride)
{
    struct mask_box box = { width, height, 0, 0 };

    for (int y = 0; y < height; y++) {
        const uint8_t *row = data + (ptrdiff_t)y * stride;
        int left = 0, right = width;

        while (left < width && row[left] == 0) {
            left++;
        }
        if (left == width) {
            continue;
        }
        while (row[right - 1] == 0) {
            right--;
        }
        box.left = left < box.left ? left : box.left;
        box.right = right > box.right ? right : box.right;
        box.top = y < box.top ? y : box.top;
        box.bottom = y + 1;
    }
    return box;
}

static struct mask_box widen(struct mask_box box, int by, int width, int height)
{
    return (struct mask_box){ .left = box.left > by ? box.left - by : 0,
                              .top = box.top > by ? box.top - by : 0,
                              .right = box.right + by < width ? box.right + by : width,
                              .bottom = box.bottom + by < height ? box.bottom + by : height };
}

/* Writes the means of 2 * radius + 1 values from their sums, without a division: exact, since a sum
 * is less than 2^16 / (2 * radius + 1). */
static void write_means(const uint16_t *restrict sums, int count, int radius, uint8_t *restrict to)
{
    unsigned wide = 2 * (unsigned)radius + 1;
    uint16_t half = (uint16_t)(wide / 2), factor = (uint16_t)(65536 / wide + 1);

    for (int i = 0; i < count; i++) {
        to[i] = (uint8_t)((uint32_t)(uint16_t)(sums[i] + half) * factor >> 16);
    }
}

static void add_values(const uint8_t *restrict from, int count, uint16_t *restrict sums)
{
    for (int i = 0; i < count; i++) {
        sums[i] = (uint16_t)(sums[i] + from[i]);
    }
}

static int within(int i, int count)
{
    return i < 0 ? 0 : i >= count ? count - 1 : i;
}

struct blur {
    uint8_t *data; /* of the mask's box */
    int width, height, stride, radius;
    uint8_t *copy;  /* of the box before a pass; rows have radius more values at both ends */
    uint16_t *sums; /* of a row */
};

/* Beyond its ends, a line continues with its last value. */
static void mean_of_rows(const struct blur *blur)
{
    int r = blur->radius;

    for (int y = 0; y < blur->height; y++) {
        uint8_t *row = blur->data + (ptrdiff_t)y * blur->stride;

        memset(blur->copy, row[0], (size_t)r);
        memcpy(blur->copy + r, row, (size_t)blur->width);
        memset(blur->copy + r + blur->width, row[blur->width - 1], (size_t)r);
        memset(blur->sums, 0, (size_t)blur->width * sizeof *blur->sums);
        for (int i = 0; i <= 2 * r; i++) {
            add_values(blur->copy + i, blur->width, blur->sums);
        }
        write_means(blur->sums, blur->width, r, row);
    }
}

static void mean_of_columns(const struct blur *blur)
{
    size_t width = (size_t)blur->width;

    for (int y = 0; y < blur->height; y++) {
        memcpy(blur->copy + (size_t)y * width, blur->data + (ptrdiff_t)y * blur->stride, width);
    }
    for (int y = 0; y < blur->height; y++) {
        memset(blur->sums, 0, width * sizeof *blur->sums);
        for (int i = y - blur->radius; i <= y + blur->radius; i++) {
            add_values(blur->copy + (size_t)within(i, blur->height) * width, blur->width,
                       blur->sums);
        }
        write_means(blur->sums, blur->width, blur->radius,
                    blur->data + (ptrdiff_t)y * blur->stride);
    }
}

/* Returns false if nothing is left to paint, or if memory runs out. */
static bool mask_blur(cairo_surface_t *mask, double size)
{
    int width = cairo_image_surface_get_width(mask), height = cairo_image_surface_get_height(mask);
    struct blur blur = { .data = cairo_image_surface_get_data(mask),
                         .stride = cairo_image_surface_get_stride(mask),
                         .radius = (int)lround(size / 2) };
    struct mask_box box;
    bool good;

    if (!blur.data) {
        return false;
    }
    cairo_surface_flush(mask);
    box = box_of_mask(blur.data, width, height, blur.stride);
    if (box.right <= box.left) {
        return false;
    }
    box = widen(box, PASSES * blur.radius + 1, width, height); /* it is 0 outside in the end too */
    blur.width = box.right - box.left;
    blur.height = box.bottom - box.top;
    blur.data += (ptrdiff_t)box.top * blur.stride + box.left;
    blur.copy = malloc(((size_t)blur.width + 2 * RADIUS_MAX) * (size_t)blur.height);
    blur.sums = malloc((size_t)blur.width * sizeof *blur.sums);
    good = blur.copy && blur.sums && blur.radius <= RADIUS_MAX;
    for (int pass = 0; good && blur.radius > 0 && pass < PASSES; pass++) {
        mean_of_rows(&blur);
        mean_of_columns(&blur);
    }
    cairo_surface_mark_dirty(mask);
    free(blur.copy);
    free(blur.sums);
    return good;
}

static void mask_paint(struct canvas *canvas, cairo_surface_t *mask, double scale,
                       const struct soft_shape *soft)
{
    cairo_pattern_t *pattern = cairo_pattern_create_for_surface(mask);

    cairo_pattern_set_extend(pattern, CAIRO_EXTEND_PAD);
    cairo_pattern_set_filter(pattern, CAIRO_FILTER_BILINEAR);
    cairo_save(canvas->cr);
    cairo_scale(canvas->cr, 1 / scale, 1 / scale);
    canvas_colour(canvas, soft->colour, soft->alpha);
    cairo_mask(canvas->cr, pattern);
    cairo_restore(canvas->cr);
    cairo_pattern_destroy(pattern);
}

void shape_soft(struct canvas *canvas, const struct soft_shape *soft)
{
    /* A blur of 30 pixels leaves no detail of one pixel, so a third of the size is enough. */
    double scale = soft->blur > BLUR_MAX ? BLUR_MAX / soft->blur : 1;
    struct canvas small = { canvas->width, canvas->height, NULL, NULL, canvas->text };

    small.surface = cairo_image_surface_create(CAIRO_FORMAT_A8, (int)ceil(canvas->width * scale),
                                               (int)ceil(canvas->height * scale));
    small.cr = cairo_create(small.surface);
    cairo_scale(small.cr, scale, scale);
    soft->shape(&small, soft->context);
    if (cairo_status(small.cr) == CAIRO_STATUS_SUCCESS &&
        mask_blur(small.surface, soft->blur * scale)) {
        mask_paint(canvas, small.surface, scale, soft);
    }
    cairo_destroy(small.cr);
    cairo_surface_destroy(small.surface);
}

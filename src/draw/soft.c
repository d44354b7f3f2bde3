/* soft.c - blurred shapes: drawn as a small mask, blurred, and painted in one colour. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/shape.h"

#define RADIUS_MAX 16384 /* px; a wider blur leaves no visible shape */

/* One pass of a running mean along a line; three passes approximate a Gaussian. */
static void mean_line(uint8_t *data, int count, ptrdiff_t step, int radius, uint8_t *copy)
{
    int sum = 0, width = 2 * radius + 1;

    if (count <= 0 || radius < 0 || radius > RADIUS_MAX) {
        return;
    }
    for (int i = 0; i < count; i++) {
        copy[i] = data[i * step];
    }
    for (int i = -radius; i <= radius; i++) {
        sum += copy[i < 0 ? 0 : i >= count ? count - 1 : i];
    }
    for (int i = 0; i < count; i++) {
        int in = i + radius + 1 < count ? i + radius + 1 : count - 1;
        int out = i > radius ? i - radius : 0;

        data[i * step] = (uint8_t)((sum + width / 2) / width);
        sum += copy[in] - copy[out];
    }
}

static bool mask_blur(cairo_surface_t *mask, double blur)
{
    int width = cairo_image_surface_get_width(mask), height = cairo_image_surface_get_height(mask);
    int stride = cairo_image_surface_get_stride(mask);
    int radius = (int)lround(blur / 2);
    uint8_t *data = cairo_image_surface_get_data(mask);
    uint8_t *copy = malloc((size_t)(width > height ? width : height));

    if (!copy || !data) {
        free(copy);
        return false;
    }
    cairo_surface_flush(mask);
    for (int pass = 0; radius > 0 && pass < 3; pass++) {
        for (int y = 0; y < height; y++) {
            mean_line(data + (ptrdiff_t)y * stride, width, 1, radius, copy);
        }
        for (int x = 0; x < width; x++) {
            mean_line(data + x, height, stride, radius, copy);
        }
    }
    cairo_surface_mark_dirty(mask);
    free(copy);
    return true;
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
    double scale = soft->blur > 6 ? 6 / soft->blur : 1;
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

/* product_texture.c - the Laplacian inside the product, away from its outline. */
#include "image/product/product_texture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/codec/reduce.h"
#include "image/resize.h"

enum { COMMON_WIDTH = 1200, LEAST_WIDTH = 48, LEAST_PIXELS = 400, INSIDE = 2 /* cells */ };

/* Returns true if all cells around are product. */
static bool is_inside(const struct product_view *view, int x, int y)
{
    for (int dy = -INSIDE; dy <= INSIDE; dy += INSIDE) {
        for (int dx = -INSIDE; dx <= INSIDE; dx += INSIDE) {
            int nx = x + dx, ny = y + dy;

            if (nx < 0 || ny < 0 || nx >= VIEW_SIDE || ny >= VIEW_SIDE ||
                view->alpha[ny * VIEW_SIDE + nx] < 0.98F) {
                return false;
            }
        }
    }
    return true;
}

static int brightness(const uint8_t *p)
{
    return p[0] * 2 + p[1] * 5 + p[2];
}

static bool measure(const struct image *image, const struct product_view *view,
                    struct product_texture *out)
{
    int histogram[256] = { 0 }, count = 0, below = 0, channels = image->channels;
    bool inside[VIEW_CELLS];
    double squares = 0;

    for (int i = 0; i < VIEW_CELLS; i++) {
        inside[i] = is_inside(view, i % VIEW_SIDE, i / VIEW_SIDE);
    }
    for (int y = 1; y < image->height - 1; y++) {
        const bool *row = inside + (size_t)(y * VIEW_SIDE / image->height) * VIEW_SIDE;
        const uint8_t *p = image->pixels + (size_t)y * (size_t)image->width * (size_t)channels;

        for (int x = 1; x < image->width - 1; x++) {
            const uint8_t *at = p + (size_t)x * (size_t)channels;
            int value;

            if (!row[x * VIEW_SIDE / image->width]) {
                continue;
            }
            value = abs(4 * brightness(at) - brightness(at - channels) - brightness(at + channels) -
                        brightness(at - (ptrdiff_t)image->width * channels) -
                        brightness(at + (ptrdiff_t)image->width * channels));
            squares += (double)value * value / 64;
            histogram[value / 4 > 255 ? 255 : value / 4]++;
            count++;
        }
    }
    if (count < LEAST_PIXELS) {
        return false;
    }
    out->edges = sqrt(squares / count);
    for (int i = 0; i < 256; i++) {
        below += histogram[i];
        if (below * 2 >= count) {
            out->noise = (i + 0.5) / 2;
            break;
        }
    }
    return true;
}

/* Crops to the product and scales to the width. */
static bool measure_scaled(const struct image *image, struct pixel_box box, int width,
                           const struct product_view *view, struct product_texture *out)
{
    int box_width = box.right - box.left + 1, box_height = box.bottom - box.top + 1;
    int height = (int)lround((double)box_height * width / box_width);
    struct image crop = { 0 }, scaled = { 0 }, half = { 0 };
    struct product_texture coarse;
    struct error ignored;
    bool good = image_crop(image, box.left, box.top, box_width, box_height, &crop, &ignored) &&
                image_scale(&crop, width, height > 0 ? height : 1, &scaled, &ignored) &&
                measure(&scaled, view, out);

    if (good) {
        good =
            image_new((width + 1) / 2, (scaled.height + 1) / 2, image->channels, &half, &ignored) &&
            image_reduce(&scaled, 2, &half, &ignored);
        out->fine = good && measure(&half, view, &coarse) && coarse.edges > 0
                        ? out->edges / coarse.edges
                        : 1;
    }
    image_free(&crop);
    image_free(&scaled);
    image_free(&half);
    return good;
}

bool product_textures(const struct product_reference *reference, const struct image *made,
                      struct pixel_box made_box, int made_width,
                      const struct product_view *made_view, struct product_texture *photo_out,
                      struct product_texture *made_out)
{
    int photo_width = reference->box.right - reference->box.left + 1;
    int width = photo_width < made_width ? photo_width : made_width;

    width = width < COMMON_WIDTH ? width : COMMON_WIDTH;
    return width >= LEAST_WIDTH &&
           measure_scaled(reference->photo, reference->box, width, &reference->view, photo_out) &&
           measure_scaled(made, made_box, width, made_view, made_out);
}

struct pixel_box product_box_of(const uint8_t *coverage, int width, int height)
{
    struct pixel_box box = { width, height, -1, -1 };

    for (int y = 0; y < height; y++) {
        const uint8_t *row = coverage + (size_t)y * (size_t)width;
        int left = 0, right = width - 1;

        while (left < width && row[left] < 128) {
            left++;
        }
        if (left == width) {
            continue;
        }
        while (row[right] < 128) {
            right--;
        }
        box.left = left < box.left ? left : box.left;
        box.right = right > box.right ? right : box.right;
        box.top = y < box.top ? y : box.top;
        box.bottom = y;
    }
    return box;
}

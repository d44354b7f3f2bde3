/* product_texture.c - the Laplacian inside the product, away from its outline. */
#include "image/product/product_texture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/codec/reduce.h"
#include "image/resize.h"

enum { COMMON_WIDTH = 1200, LEAST_WIDTH = 48, LEAST_PIXELS = 400, INSIDE = 2 /* cells */ };

static const double least_left = 0.1; /* of the photo's squares, however noisy it is */

enum region { EDGE, PRODUCT, GROUND, REGIONS };

/* Returns what all cells around are, EDGE if they differ. */
static enum region region_at(const struct product_view *view, int x, int y)
{
    int product = 0, ground = 0, count = 0;

    for (int dy = -INSIDE; dy <= INSIDE; dy += INSIDE) {
        for (int dx = -INSIDE; dx <= INSIDE; dx += INSIDE) {
            int nx = x + dx, ny = y + dy;

            count++;
            if (nx >= 0 && ny >= 0 && nx < VIEW_SIDE && ny < VIEW_SIDE) {
                product += view->alpha[ny * VIEW_SIDE + nx] >= 0.98F;
                ground += view->alpha[ny * VIEW_SIDE + nx] <= 0.02F;
            }
        }
    }
    return product == count ? PRODUCT : ground == count ? GROUND : EDGE;
}

struct laplacian { /* of a region */
    int histogram[256], count;
    double squares;
};

/* Returns the median, in levels; 0 if the region is small. */
static double median_of(const struct laplacian *region)
{
    int below = 0;

    for (int i = 0; region->count >= LEAST_PIXELS && i < 256; i++) {
        below += region->histogram[i];
        if (below * 2 >= region->count) {
            return (i + 0.5) / 2;
        }
    }
    return 0;
}

static bool measure(const struct image *image, const struct product_view *view,
                    struct product_texture *out)
{
    struct laplacian regions[REGIONS] = { { .count = 0 } };
    const struct laplacian *product = &regions[PRODUCT];
    uint8_t region[VIEW_CELLS];
    int channels = image->channels;

    for (int i = 0; i < VIEW_CELLS; i++) {
        region[i] = (uint8_t)region_at(view, i % VIEW_SIDE, i / VIEW_SIDE);
    }
    for (int y = 1; y < image->height - 1; y++) {
        const uint8_t *row = region + (size_t)(y * VIEW_SIDE / image->height) * VIEW_SIDE;
        const uint8_t *p = image->pixels + (size_t)y * (size_t)image->width * (size_t)channels;

        for (int x = 1; x < image->width - 1; x++) {
            const uint8_t *at = p + (size_t)x * (size_t)channels;
            enum region at_cell = row[x * VIEW_SIDE / image->width];
            struct laplacian *here = &regions[at_cell];
            int value;

            if (at_cell == EDGE) {
                continue;
            }
            value = abs(4 * brightness_of(at) - brightness_of(at - channels) -
                        brightness_of(at + channels) -
                        brightness_of(at - (ptrdiff_t)image->width * channels) -
                        brightness_of(at + (ptrdiff_t)image->width * channels));
            here->squares += (double)value * value / 64;
            here->histogram[value / 4 > 255 ? 255 : value / 4]++;
            here->count++;
        }
    }
    if (product->count < LEAST_PIXELS) {
        return false;
    }
    out->edges = sqrt(product->squares / product->count);
    out->noise = median_of(product);
    out->ground = median_of(&regions[GROUND]);
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

/* A photo's noise is no sharpness; its plain ground shows how much there is. The root mean square
 * of noise is 1.48 times its median. */
static void leave_out_noise(struct product_texture *photo)
{
    double noise = 1.48 * photo->ground;

    photo->edges = sqrt(fmax(photo->edges * photo->edges - noise * noise,
                             least_left * photo->edges * photo->edges));
}

bool product_textures(const struct product_reference *reference, const struct image *made,
                      struct pixel_box made_box, int made_width,
                      const struct product_view *made_view, struct product_texture *photo_out,
                      struct product_texture *made_out)
{
    int photo_width = reference->box.right - reference->box.left + 1;
    int width = photo_width < made_width ? photo_width : made_width;

    width = width < COMMON_WIDTH ? width : COMMON_WIDTH;
    if (width < LEAST_WIDTH ||
        !measure_scaled(reference->photo, reference->box, width, &reference->view, photo_out) ||
        !measure_scaled(made, made_box, width, made_view, made_out)) {
        return false;
    }
    leave_out_noise(photo_out);
    return true;
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

/* compose.c - the product alone on pure white. */
#include "image/compose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/ground.h"
#include "image/measure.h"
#include "image/resize.h"

enum { VISIBLE_ALPHA = 32 }; /* pixels below it do not count as product */

/* Composites onto white. Pixels with an alpha below 2 %, and almost white pixels at the rim,
 * become pure white. */
static void composite_on_white(const struct image *product, struct image *canvas, int left, int top)
{
    for (int y = 0; y < product->height; y++) {
        const uint8_t *from = product->pixels + (size_t)y * (size_t)product->width * 4;
        uint8_t *to =
            canvas->pixels + ((size_t)(top + y) * (size_t)canvas->width + (size_t)left) * 3;

        for (int x = 0; x < product->width; x++, from += 4, to += 3) {
            unsigned alpha = from[3], white = 255 * (255 - alpha) + 127;

            if (alpha == 255) {
                memcpy(to, from, 3);
            } else if (alpha >= 6) {
                to[0] = (uint8_t)((from[0] * alpha + white) / 255);
                to[1] = (uint8_t)((from[1] * alpha + white) / 255);
                to[2] = (uint8_t)((from[2] * alpha + white) / 255);
            }
        }
    }
}

/* Chooses size of canvas and product. Returns false if the product is too small. */
static bool choose_size(const struct white_canvas *canvas, const struct image *product, int *width,
                        int *height, struct composed *how)
{
    double scale = fmin(canvas->width * canvas->fill / product->width,
                        canvas->height * canvas->fill / product->height);

    *width = canvas->width;
    *height = canvas->height;
    if (scale > 1 && canvas->min_width > 0) {
        *width = (int)fmax(canvas->min_width, floor(canvas->width / scale));
        *height = (int)fmax(canvas->min_height, floor(canvas->height / scale));
        scale =
            fmin(*width * canvas->fill / product->width, *height * canvas->fill / product->height);
        scale = scale < 1 && scale > 0.98 ? 1 : scale; /* the canvas was rounded down */
    }
    how->enlarged = scale;
    how->width = (int)fmax(1, lround(product->width * scale));
    how->height = (int)fmax(1, lround(product->height * scale));
    how->left = (*width - how->width) / 2;
    how->top = (*height - how->height) / 2;
    return scale <= canvas->max_enlarge + 1e-9 || (scale <= 1 + 1e-9);
}

/* Copies the product's alpha to its place on the canvas. */
static uint8_t *coverage_of(const struct image *product, int width, int height,
                            const struct composed *how)
{
    uint8_t *coverage = calloc((size_t)width, (size_t)height);

    for (int y = 0; coverage && y < product->height; y++) {
        const uint8_t *from = product->pixels + (size_t)y * (size_t)product->width * 4;
        uint8_t *to = coverage + (size_t)(how->top + y) * (size_t)width + (size_t)how->left;

        for (int x = 0; x < product->width; x++) {
            to[x] = from[(size_t)x * 4 + 3];
        }
    }
    return coverage;
}

/* Draws the product, which has its final size, on a white canvas. */
static bool draw_on_white(const struct image *product, int width, int height, struct image *out,
                          struct composed *how, struct error *err)
{
    if (!image_new(width, height, 3, out, err)) {
        return false;
    }
    memset(out->pixels, 255, (size_t)width * (size_t)height * 3);
    composite_on_white(product, out, how->left, how->top);
    how->coverage = coverage_of(product, width, height, how);
    if (how->coverage && ground_whiten(out, how->coverage)) {
        return true;
    }
    image_free(out);
    free(how->coverage);
    how->coverage = NULL;
    return error_set(err, ERROR_INTERNAL, "no memory to compose an image");
}

bool image_on_white(const struct image *cut_out, const struct white_canvas *canvas,
                    struct image *out, struct composed *how, struct error *err)
{
    struct image product = { 0 }, scaled = { 0 };
    struct pixel_box box;
    int width, height;
    bool good;

    *how = (struct composed){ 0 };
    if (cut_out->channels != 4 || measure_visible(cut_out, VISIBLE_ALPHA, &box) == 0) {
        return error_set(err, ERROR_OUTPUT, "no product found in the image");
    }
    if (!image_crop(cut_out, box.left, box.top, box.right - box.left + 1, box.bottom - box.top + 1,
                    &product, err)) {
        return false;
    }
    if (!choose_size(canvas, &product, &width, &height, how)) {
        error_set(err, ERROR_INPUT,
                  "the product has only %d x %d pixels in the photo; a larger photo is needed",
                  product.width, product.height);
        image_free(&product);
        return false;
    }
    good = image_scale(&product, how->width, how->height, &scaled, err) &&
           draw_on_white(&scaled, width, height, out, how, err);
    image_free(&product);
    image_free(&scaled);
    return good;
}

bool image_flatten(const struct image *in, struct image *out, struct error *err)
{
    if (!image_new(in->width, in->height, 3, out, err)) {
        return false;
    }
    memset(out->pixels, 255, (size_t)in->width * (size_t)in->height * 3);
    if (in->channels == 4) {
        composite_on_white(in, out, 0, 0);
    } else {
        memcpy(out->pixels, in->pixels, (size_t)in->width * (size_t)in->height * 3);
    }
    return true;
}

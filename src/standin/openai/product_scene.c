/* product_scene.c - draws a background with the product in the middle. */
#include "standin/openai/product_scene.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "image/cut_out/cut_out.h"
#include "image/resize.h"

#define PHOTO_SIDE 1600 /* photos are reduced to this many pixels before the product is cut out */
#define PRODUCT_SHARE 0.8

/* Draws a flask with a cap, shaded like a cylinder: the product if there is no photo. */
static bool draw_product(uint64_t seed, int side, struct image *out, struct error *err)
{
    uint64_t state = seed;
    double hue = random_uniform(&state) * 6.28, waist = 0.2 + 0.1 * random_uniform(&state);

    if (!image_new(side, side, 4, out, err)) {
        return false;
    }
    for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x++) {
            double u = (x + 0.5) / side - 0.5, v = (y + 0.5) / side;
            double half = v < 0.18 ? 0.09 : fmin(waist, 0.09 + (v - 0.18) * 1.5);
            double shade = 0.55 + 0.45 * cos((u / half - 0.3) * 1.4);
            uint8_t *p = out->pixels + ((size_t)y * (size_t)side + (size_t)x) * 4;

            for (int c = 0; c < 3; c++) {
                p[c] = (uint8_t)(shade * (110 + 80 * sin(hue + c * 2.1)));
            }
            p[3] = fabs(u) < half && v > 0.03 && v < 0.97 ? 255 : 0;
        }
    }
    return true;
}

static bool has_holes(const struct image *image)
{
    size_t count = (size_t)image->width * (size_t)image->height;

    for (size_t i = 0; image->channels == 4 && i < count; i++) {
        if (image->pixels[i * 4 + 3] < 128) {
            return true;
        }
    }
    return false;
}

static bool shrink(struct image *photo, struct error *err)
{
    int longer = photo->width > photo->height ? photo->width : photo->height;
    int width, height;
    struct image small;

    if (longer <= PHOTO_SIDE) {
        return true;
    }
    width = (int)((int64_t)photo->width * PHOTO_SIDE / longer);
    height = (int)((int64_t)photo->height * PHOTO_SIDE / longer);
    if (!image_scale(photo, width ? width : 1, height ? height : 1, &small, err)) {
        return false;
    }
    image_free(photo);
    *photo = small;
    return true;
}

/* Cuts the product out of the photo. Returns the whole photo if that fails. */
static bool load_product(const struct product_image_spec *spec, struct image *out,
                         struct error *err)
{
    struct image_bounds bounds = { .max_bytes = 50 << 20, .max_pixels = 100000000 };
    struct image photo;
    struct error busy;

    if (!spec->photo) {
        return draw_product(spec->seed, 800, out, err);
    }
    if (!image_decode(spec->photo, &bounds, &photo, NULL, err)) {
        return false;
    }
    if (!shrink(&photo, err)) {
        image_free(&photo);
        return false;
    }
    if (has_holes(&photo) || !image_cut_out(&photo, out, &busy)) {
        *out = photo;
        return true;
    }
    image_free(&photo);
    return true;
}

static void draw_background(const struct product_image_spec *spec, struct image *out)
{
    uint64_t state = spec->seed ^ 0x5eed;
    double tint = random_uniform(&state) * 6.28;
    int channels = out->channels;

    for (int y = 0; y < out->height; y++) {
        double v = (double)y / out->height, light = v < 0.72 ? 205 + 35 * v : 190 - 60 * (v - 0.72);
        uint8_t *p = out->pixels + (size_t)y * (size_t)out->width * (size_t)channels;
        double row[3];

        for (int c = 0; c < 3; c++) {
            row[c] = light + 14 * sin(tint + c * 2.1);
        }
        for (int x = 0; x < out->width; x++, p += channels) {
            /* Noise like that of photographs, so that files are as large as real ones. */
            uint64_t grain = random_next(&state);

            for (int c = 0; c < 3; c++) {
                p[c] = (uint8_t)(row[c] + (double)((grain >> (c * 8)) & 3));
            }
        }
    }
}

static void paint(struct image *out, const struct image *product)
{
    int left = (out->width - product->width) / 2, top = (out->height - product->height) / 2;

    for (int y = 0; y < product->height; y++) {
        for (int x = 0; x < product->width; x++) {
            const uint8_t *from =
                product->pixels +
                ((size_t)y * (size_t)product->width + (size_t)x) * (size_t)product->channels;
            uint8_t *to =
                out->pixels + ((size_t)(y + top) * (size_t)out->width + (size_t)(x + left)) *
                                  (size_t)out->channels;
            int alpha = product->channels == 4 ? from[3] : 255;

            if (out->channels == 4) {
                memcpy(to, from, 3);
                to[3] = (uint8_t)alpha;
                continue;
            }
            for (int c = 0; c < 3; c++) {
                to[c] = (uint8_t)((from[c] * alpha + to[c] * (255 - alpha) + 127) / 255);
            }
        }
    }
}

static bool place_product(struct image *out, const struct image *product, struct error *err)
{
    double across = PRODUCT_SHARE * out->width / product->width;
    double down = PRODUCT_SHARE * out->height / product->height;
    double scale = across < down ? across : down;
    int width = (int)(product->width * scale), height = (int)(product->height * scale);
    struct image scaled;

    if (!image_scale(product, width > 0 ? width : 1, height > 0 ? height : 1, &scaled, err)) {
        return false;
    }
    paint(out, &scaled);
    image_free(&scaled);
    return true;
}

bool product_scene_draw(const struct product_image_spec *spec, struct image *out, struct error *err)
{
    struct image product;
    bool flat = spec->flaw == FAULT_BLANK || spec->flaw == FAULT_OFF_WHITE;
    size_t size;
    bool good;

    if (!image_new(spec->width, spec->height, spec->transparent && !flat ? 4 : 3, out, err)) {
        return false;
    }
    size = (size_t)out->width * (size_t)out->height * (size_t)out->channels;
    if (spec->flaw == FAULT_OFF_WHITE) {
        memset(out->pixels, 244, size);
    } else if (flat || spec->white || spec->transparent) {
        memset(out->pixels, out->channels == 4 ? 0 : 255, size);
    } else {
        draw_background(spec, out);
    }
    if (spec->flaw == FAULT_BLANK) {
        return true;
    }
    good = load_product(spec, &product, err);
    if (good) {
        good = place_product(out, &product, err);
        image_free(&product);
    }
    if (!good) {
        image_free(out);
    }
    return good;
}

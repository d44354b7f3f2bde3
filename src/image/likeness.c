/* likeness.c - fingerprints of images and the similarity of two of them. */
#include "image/likeness.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/codec/reduce.h"
#include "image/compose.h"
#include "image/cut_out/cut_out.h"
#include "image/measure.h"
#include "image/resize.h"

enum { VIEW_EDGE = 160, SQUARE_EDGE = 32, FREQUENCIES = 8 };

/* The smallest share of a scene that the product covers: this much of each of its colours is
 * enough. */
static const double min_scene_share = 0.1;
/* Colours at this Lab distance or more are unrelated. */
static const double unrelated_distance = 40;

/* -- the product alone ----------------------------------------------------------------------- */

struct view { /* the image to fingerprint, scaled down; cropped to the product if it can be cut out
               */
    struct image image;
    bool alone;
    struct pixel_box box; /* of the opaque pixels */
    int64_t opaque;       /* pixels */
};

/* Returns true if the cut-out is plausible: large enough to be visible, and not the complete
 * image. */
static bool is_product(const struct view *view)
{
    int64_t all = (int64_t)view->image.width * view->image.height;

    return view->opaque * 200 > all && view->opaque < all;
}

/* Scales down with a box filter: quality does not matter here, and every generated image passes
 * through. */
static bool shrink(const struct image *image, struct image *out, struct error *err)
{
    int longer = image->width > image->height ? image->width : image->height;
    int factor = (longer + VIEW_EDGE - 1) / VIEW_EDGE;

    if (!image_new((image->width + factor - 1) / factor, (image->height + factor - 1) / factor,
                   image->channels, out, err)) {
        return false;
    }
    if (!image_reduce(image, factor, out, err)) {
        image_free(out);
        return false;
    }
    return true;
}

/* Replaces the view by the cut-out if that shows a product. Takes over the cut-out. */
static void use_cut_out(struct view *view, struct image *cut)
{
    struct view alone = { .image = *cut, .alone = true };

    alone.opaque = measure_visible(cut, PALETTE_OPAQUE, &alone.box);
    if (!is_product(&alone)) {
        image_free(cut);
        return;
    }
    image_free(&view->image);
    *view = alone;
}

static bool view_open(const struct image *image, struct view *view, struct error *err)
{
    struct error uncertain;
    struct image cut;

    *view = (struct view){ 0 };
    if (!shrink(image, &view->image, err)) {
        return false;
    }
    view->opaque = measure_visible(&view->image, PALETTE_OPAQUE, &view->box);
    view->alone = is_product(view); /* transparent pixels are not product */
    if (view->alone) {
        return true;
    }
    if (image_cut_out_to_compare(&view->image, &cut, &uncertain)) {
        use_cut_out(view, &cut);
    }
    return true;
}

/* -- shape ----------------------------------------------------------------------------------- */

/* Centres the product in the smallest white square that contains it. */
static bool square_of(const struct view *view, struct image *out, struct error *err)
{
    int width = view->box.right - view->box.left + 1, height = view->box.bottom - view->box.top + 1;
    int edge = width > height ? width : height;
    struct image product, flat = { 0 }, square = { 0 };
    bool good;

    if (!image_crop(&view->image, view->box.left, view->box.top, width, height, &product, err)) {
        return false;
    }
    good = image_flatten(&product, &flat, err) && image_new(edge, edge, 3, &square, err);
    if (good) {
        size_t row = (size_t)width * 3;

        memset(square.pixels, 255, (size_t)edge * (size_t)edge * 3);
        for (int y = 0; y < height; y++) {
            size_t at =
                (size_t)((edge - height) / 2 + y) * (size_t)edge + (size_t)((edge - width) / 2);

            memcpy(square.pixels + at * 3, flat.pixels + (size_t)y * row, row);
        }
        good = image_scale(&square, SQUARE_EDGE, SQUARE_EDGE, out, err);
    }
    image_free(&product);
    image_free(&flat);
    image_free(&square);
    return good;
}

/* Computes the 8 x 8 lowest frequencies of the brightness (DCT-II). */
static void frequencies(const struct image *square, double out[FREQUENCIES * FREQUENCIES])
{
    double cosines[FREQUENCIES][SQUARE_EDGE], row_sums[FREQUENCIES][SQUARE_EDGE] = { { 0 } };

    for (int k = 0; k < FREQUENCIES; k++) {
        for (int i = 0; i < SQUARE_EDGE; i++) {
            cosines[k][i] = cos(M_PI * k * (i + 0.5) / SQUARE_EDGE);
        }
    }
    for (int y = 0; y < SQUARE_EDGE; y++) {
        for (int x = 0; x < SQUARE_EDGE; x++) {
            const uint8_t *p = square->pixels + ((size_t)y * SQUARE_EDGE + (size_t)x) * 3;
            double bright = 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];

            for (int k = 0; k < FREQUENCIES; k++) {
                row_sums[k][y] += bright * cosines[k][x];
            }
        }
    }
    for (int v = 0; v < FREQUENCIES; v++) {
        for (int u = 0; u < FREQUENCIES; u++) {
            double sum = 0;

            for (int y = 0; y < SQUARE_EDGE; y++) {
                sum += row_sums[u][y] * cosines[v][y];
            }
            out[v * FREQUENCIES + u] = sum;
        }
    }
}

/* Normalizes to length 1, without the lowest frequency, which is the mean: small details count
 * as much as the outline, and contrast does not matter. */
static bool shape_of(const struct view *view, float out[LIKENESS_SHAPE], struct error *err)
{
    double values[FREQUENCIES * FREQUENCIES], length = 0;
    struct image square;

    if (!square_of(view, &square, err)) {
        return false;
    }
    frequencies(&square, values);
    image_free(&square);
    for (int i = 1; i < FREQUENCIES * FREQUENCIES; i++) {
        values[i] *= sqrt((double)(i % FREQUENCIES) * (i % FREQUENCIES) +
                          (double)(i / FREQUENCIES) * (i / FREQUENCIES));
        length += values[i] * values[i];
    }
    for (int i = 1; i < FREQUENCIES * FREQUENCIES; i++) {
        out[i - 1] = length > 0 ? (float)(values[i] / sqrt(length)) : 0;
    }
    return true;
}

bool likeness_fingerprint(const struct image *image, struct likeness_fingerprint *out,
                          struct error *err)
{
    struct view view;
    bool good;

    *out = (struct likeness_fingerprint){ 0 };
    if (!view_open(image, &view, err)) {
        return false;
    }
    out->alone = view.alone;
    good = (!view.alone || shape_of(&view, out->shape, err)) &&
           palette_of(&view.image, &out->palette, err);
    image_free(&view.image);
    return good;
}

void likeness_compare(const struct likeness_fingerprint *photo,
                      const struct likeness_fingerprint *made, struct likeness *out)
{
    bool alone = photo->alone && made->alone;
    double colour_distance =
        palette_distance(&photo->palette, &made->palette, alone ? 1 : min_scene_share);
    double colour_similarity;

    out->colour = colour_distance < 0 ? unrelated_distance : colour_distance;
    colour_similarity = fmax(0, 1 - out->colour / unrelated_distance);
    out->shape = -1;
    out->score = colour_similarity;
    if (alone) {
        out->shape = 0;
        for (int i = 0; i < LIKENESS_SHAPE; i++) {
            out->shape += (double)photo->shape[i] * made->shape[i];
        }
        out->shape = fmax(0, fmin(1, out->shape));
        out->score = (out->shape + colour_similarity) / 2;
    }
}

/* product_tilt.c - turns the cut-out by small angles, and keeps the angle with the best details. */
#include "image/product/product_tilt.h"

#include <math.h>
#include <string.h>

#include "image/resize.h"

enum { EDGE = 240 /* pixels of the cut-out that is turned */ };

static const double pi = 3.14159265358979;
static const double alike = 0.75;                   /* correlation of details that needs no turn */
static const double near_copy = 0.6;                /* least correlation after a turn */
static const double clear_gain = 0.1;               /* least gain by a turn */
static const double coarse_step = 2, fine_step = 1; /* degrees */
enum { COARSE_STEPS = 3 };                          /* to each side */

/* Reads the pixel at a place by linear interpolation, with its colours weighted by alpha. */
static void read_between(const struct image *in, double x, double y, uint8_t *to)
{
    double sum[4] = { 0 };

    for (int k = 0; k < 4; k++) {
        int column = (int)floor(x) + k % 2, row = (int)floor(y) + k / 2;
        double weight = (1 - fabs(x - column)) * (1 - fabs(y - row));

        if (column >= 0 && row >= 0 && column < in->width && row < in->height) {
            const uint8_t *p = in->pixels + ((size_t)row * (size_t)in->width + (size_t)column) * 4;

            for (int c = 0; c < 3; c++) {
                sum[c] += weight * p[3] * p[c];
            }
            sum[3] += weight * p[3];
        }
    }
    for (int c = 0; c < 3; c++) {
        to[c] = sum[3] > 0 ? (uint8_t)(sum[c] / sum[3] + 0.5) : 0;
    }
    to[3] = (uint8_t)(sum[3] + 0.5);
}

static bool turn_image(const struct image *in, double degrees, struct image *out)
{
    double cosine = cos(degrees * pi / 180), sine = sin(degrees * pi / 180);
    int width = (int)ceil(in->width * cosine + in->height * fabs(sine));
    int height = (int)ceil(in->height * cosine + in->width * fabs(sine));
    struct error ignored;

    if (!image_new(width, height, 4, out, &ignored)) {
        return false;
    }
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            double across = x - (width - 1) / 2.0, down = y - (height - 1) / 2.0;

            read_between(in, across * cosine + down * sine + (in->width - 1) / 2.0,
                         down * cosine - across * sine + (in->height - 1) / 2.0,
                         out->pixels + ((size_t)y * (size_t)width + (size_t)x) * 4);
        }
    }
    return true;
}

/* Keeps the angle in *best if the details match better. */
static void try_tilt(const struct product_reference *photo, const struct image *cut_out,
                     const struct product_view *made, double degrees, struct product_match *best)
{
    struct image turned = { 0 };
    struct product_view view;
    struct product_match match;

    if (turn_image(cut_out, degrees, &turned) && product_view_of(&turned, &view)) {
        for (int i = 0; i < photo->light_count; i++) {
            product_view_take_light(&view, &photo->lights[i]);
        }
        view.has_backdrop = photo->view.has_backdrop;
        memcpy(view.backdrop, photo->view.backdrop, sizeof view.backdrop);
        product_match(&view, made, &match);
        match.tilt = degrees;
        *best = match.detail > best->detail ? match : *best;
    }
    image_free(&turned);
}

/* Makes a smaller copy, since a view has few cells. */
static bool shrink(const struct image *in, struct image *out)
{
    int longer = in->width > in->height ? in->width : in->height;
    double scale = longer > EDGE ? (double)EDGE / longer : 1;
    struct error ignored;

    return image_scale(in, (int)fmax(1, lround(in->width * scale)),
                       (int)fmax(1, lround(in->height * scale)), out, &ignored);
}

void product_match_tilted(const struct product_reference *reference,
                          const struct product_view *made, struct product_match *match)
{
    struct product_match best = *match;
    struct image small = { 0 };

    if (reference->alone && match->detail < alike && shrink(&reference->cut_out, &small)) {
        double middle;

        for (int step = -COARSE_STEPS; step <= COARSE_STEPS; step++) {
            try_tilt(reference, &small, made, step * coarse_step, &best);
        }
        middle = best.tilt;
        try_tilt(reference, &small, made, middle - fine_step, &best);
        try_tilt(reference, &small, made, middle + fine_step, &best);
    }
    if (best.detail >= near_copy && best.detail >= match->detail + clear_gain) {
        *match = best;
    }
    image_free(&small);
}

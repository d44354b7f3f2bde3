/* backdrop.c - which pixels the function of the backdrop is fitted to. */
#include "image/cut_out/backdrop.h"

#include <math.h>
#include <stdlib.h>

#include "image/cut_out/backdrop_fit.h"

enum { MAX_SAMPLES = 6000, MIN_SAMPLES = 200 };

/* Share of the outermost pixels that may differ: dust. More: the product touches the edge, or the
 * photo shows a scene. */
static const double max_different = 0.005;
/* A border whose pixels scatter more is no plain backdrop, in levels. */
static const double max_noise = 14;

static void take(const struct image *image, int x, int y, struct backdrop_sample *out)
{
    const uint8_t *p =
        image->pixels + ((size_t)y * (size_t)image->width + (size_t)x) * (size_t)image->channels;

    out->x = (float)(2.0 * x / image->width - 1);
    out->y = (float)(2.0 * y / image->height - 1);
    for (int c = 0; c < 3; c++) {
        out->value[c] = p[c];
    }
}

/* Takes every `step`-th pixel of the border, `depth` pixels deep. */
static int take_border(const struct image *image, int depth, int step,
                       struct backdrop_sample *samples)
{
    int count = 0;

    for (int y = 0; y < image->height; y++) {
        bool inner = y >= depth && y < image->height - depth;

        for (int x = y % step; x < image->width; x += step) {
            if (inner && x >= depth && x < image->width - depth) {
                continue;
            }
            if (count < MAX_SAMPLES) {
                take(image, x, y, &samples[count++]);
            }
        }
    }
    return count;
}

/* Returns false if too many of the outermost pixels differ from the function. */
static bool edge_is_plain(const struct image *image, const struct backdrop *backdrop)
{
    int different = 0, count = 0;

    for (int y = 0; y < image->height; y++) {
        int step = y == 0 || y == image->height - 1 ? 1 : image->width - 1;

        for (int x = 0; x < image->width; x += step, count++) {
            struct backdrop_sample sample;

            take(image, x, y, &sample);
            different += backdrop_residual(backdrop, &sample) > fmax(10, 5 * backdrop->noise);
        }
    }
    return different <= fmax(2, max_different * count);
}

bool backdrop_fit_border(const struct image *image, struct backdrop *out, const char **why_not)
{
    struct backdrop_sample *samples = malloc(MAX_SAMPLES * sizeof *samples);
    int depth = (image->width < image->height ? image->width : image->height) / 40 + 2;
    int step = 2 * (image->width + image->height) * depth / MAX_SAMPLES + 1, count;
    bool good;

    *out = (struct backdrop){ .degree = 2 };
    *why_not = "not enough memory";
    if (!samples) {
        return false;
    }
    count = take_border(image, depth, step, samples);
    good = count > 0 && backdrop_fit(samples, count, out);
    free(samples);
    if (!good) {
        return false;
    }
    *why_not = "its background is not plain";
    if (out->noise > max_noise) {
        return false;
    }
    *why_not = "its background is not plain, or the product touches the edge";
    return edge_is_plain(image, out);
}

int backdrop_sample_step(const struct image *image)
{
    int step = image->width * image->height / MAX_SAMPLES + 1;

    return step | 1; /* not a divisor of the usual widths: samples from all columns */
}

void backdrop_refine(const struct image *image, const uint8_t *use, struct backdrop *out)
{
    struct backdrop_sample *samples = malloc(MAX_SAMPLES * sizeof *samples);
    struct backdrop finer = { .degree = 4, .noise = out->noise };
    int pixels = image->width * image->height, step = backdrop_sample_step(image), count = 0;

    for (int i = 0; samples && i < pixels && count < MAX_SAMPLES; i += step) {
        if (use[i]) {
            take(image, i % image->width, i / image->width, &samples[count++]);
        }
    }
    if (count >= MIN_SAMPLES && backdrop_fit(samples, count, &finer)) {
        *out = finer;
    }
    free(samples);
}

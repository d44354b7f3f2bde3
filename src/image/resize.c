/* resize.c - separable Lanczos3 scaling: each output row is a weighted sum of input rows, then
 * filtered horizontally. Besides the two images it holds only a ring of input rows, as floats. */
#include "image/resize.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/resize_row.h"

static const double lobes = 3;

static double lanczos(double x)
{
    static const double pi = 3.14159265358979323846;

    x = fabs(x);
    if (x < 1e-9) {
        return 1;
    }
    return x < lobes ? lobes * sin(pi * x) * sin(pi * x / lobes) / (pi * pi * x * x) : 0;
}

static int clamp_index(int at, int count)
{
    return at < 0 ? 0 : at >= count ? count - 1 : at;
}

static void taps_free(struct filter_weights *taps)
{
    free(taps->first);
    free(taps->weights);
}

/* Computes the weights of one output position. Positions outside the image are clamped to the
 * edge. */
static void fill_taps(int in, double scale, int o, struct filter_weights *taps)
{
    double spread = scale > 1 ? scale : 1, centre = (o + 0.5) * scale - 0.5, sum = 0;
    float *weights = taps->weights + (size_t)o * (size_t)taps->count;
    int begin = (int)floor(centre - lobes * spread) + 1;
    int first = clamp_index(begin, in - taps->count + 1);

    first = first < 0 ? 0 : first;
    for (int t = 0; t < taps->count; t++) {
        sum += lanczos((begin + t - centre) / spread);
    }
    for (int t = 0; t < taps->count; t++) {
        weights[clamp_index(begin + t, in) - first] +=
            (float)(lanczos((begin + t - centre) / spread) / sum);
    }
    taps->first[o] = first;
}

static bool taps_new(int in, int out, struct filter_weights *taps)
{
    double scale = (double)in / out;
    int count = (int)ceil(2 * lobes * (scale > 1 ? scale : 1));

    taps->count = count + (count & 1);
    taps->first = calloc((size_t)out, sizeof *taps->first);
    taps->weights = calloc((size_t)out * (size_t)taps->count, sizeof *taps->weights);
    if (!taps->first || !taps->weights) {
        return false;
    }
    for (int o = 0; o < out; o++) {
        fill_taps(in, scale, o, taps);
    }
    return true;
}

struct window { /* a rectangle of an image */
    const uint8_t *pixels;
    size_t stride;
    int width, height, channels;
};

struct scaling {
    struct filter_weights across, down;
    size_t line_size;    /* floats of one input row */
    float *ring;         /* input row y is stored at y % down.count */
    const float **lines; /* the input rows of one output row */
    float *sum, *wide;
    int next; /* the next input row to read */
};

static void scaling_free(struct scaling *s)
{
    taps_free(&s->across);
    taps_free(&s->down);
    free(s->ring);
    free(s->lines);
    free(s->sum);
    free(s->wide);
}

static bool scaling_new(const struct window *in, int width, int height, struct scaling *s)
{
    size_t padded;

    *s = (struct scaling){ 0 };
    if (!taps_new(in->width, width, &s->across) || !taps_new(in->height, height, &s->down)) {
        return false;
    }
    /* weights of 0 read beyond a row that is shorter than the filter */
    padded = (size_t)in->width + (size_t)s->across.count + 1;
    s->line_size = (size_t)in->width * (size_t)in->channels;
    s->ring = malloc((size_t)s->down.count * s->line_size * sizeof *s->ring);
    s->lines = malloc((size_t)s->down.count * sizeof *s->lines);
    s->sum = calloc(padded * 4, sizeof *s->sum);
    s->wide = calloc(padded * 4, sizeof *s->wide);
    return s->ring && s->lines && s->sum && s->wide;
}

static void scale_row(const struct window *in, int y, struct scaling *s, struct image *out)
{
    int first = s->down.first[y], count = s->down.count;
    const float *weights = s->down.weights + (size_t)y * (size_t)count;

    for (; s->next < first + count && s->next < in->height; s->next++) {
        row_from_bytes(in->pixels + (size_t)s->next * in->stride, (size_t)in->width, in->channels,
                       s->ring + (size_t)(s->next % count) * s->line_size);
    }
    for (int t = 0; t < count; t++) {
        s->lines[t] = s->ring + (size_t)(clamp_index(first + t, in->height) % count) * s->line_size;
    }
    rows_blend(s->lines, weights, count, s->line_size, s->sum);
    if (in->channels == 3) {
        row_widen(s->sum, (size_t)in->width, s->wide);
    }
    row_filter(in->channels == 3 ? s->wide : s->sum, &s->across, out->width, in->channels,
               out->pixels + (size_t)y * (size_t)out->width * (size_t)out->channels);
}

static bool scale_window(const struct window *in, int width, int height, struct image *out,
                         struct error *err)
{
    struct scaling scaling;
    bool good;

    *out = (struct image){ 0 };
    if (width < 1 || height < 1) {
        return error_set(err, ERROR_INTERNAL, "cannot scale to %d x %d pixels", width, height);
    }
    good = scaling_new(in, width, height, &scaling) ||
           error_set(err, ERROR_INTERNAL, "no memory to scale an image");
    good = good && image_new(width, height, in->channels, out, err);
    for (int y = 0; good && y < height; y++) {
        scale_row(in, y, &scaling, out);
    }
    scaling_free(&scaling);
    return good;
}

static struct window window_of(const struct image *in, int x, int y, int width, int height)
{
    size_t channels = (size_t)in->channels, stride = (size_t)in->width * channels;

    return (struct window){ in->pixels + (size_t)y * stride + (size_t)x * channels, stride, width,
                            height, in->channels };
}

bool image_scale(const struct image *in, int width, int height, struct image *out,
                 struct error *err)
{
    struct window window = window_of(in, 0, 0, in->width, in->height);

    return scale_window(&window, width, height, out, err);
}

bool image_crop(const struct image *in, int x, int y, int width, int height, struct image *out,
                struct error *err)
{
    size_t channels = (size_t)in->channels;

    if (x < 0 || y < 0 || width < 1 || height < 1 || width > in->width - x ||
        height > in->height - y) {
        return error_set(err, ERROR_INTERNAL, "the crop is outside the image");
    }
    if (!image_new(width, height, in->channels, out, err)) {
        return false;
    }
    for (int row = 0; row < height; row++) {
        memcpy(out->pixels + (size_t)row * (size_t)width * channels,
               in->pixels + ((size_t)(y + row) * (size_t)in->width + (size_t)x) * channels,
               (size_t)width * channels);
    }
    return true;
}

bool image_cover(const struct image *in, int width, int height, struct image *out,
                 struct error *err)
{
    double ratio = (double)width / height;
    int crop_width = in->width, crop_height = in->height, x, y;
    struct window window;

    if (in->width < width || in->height < height) {
        return error_set(err, ERROR_OUTPUT, "the image has %d x %d pixels; %d x %d are required",
                         in->width, in->height, width, height);
    }
    if ((double)in->width / in->height > ratio) {
        crop_width = (int)lround(in->height * ratio);
    } else {
        crop_height = (int)lround(in->width / ratio);
    }
    crop_width = crop_width < width ? width : crop_width;
    crop_height = crop_height < height ? height : crop_height;
    x = (in->width - crop_width) / 2;
    y = (in->height - crop_height) / 2;
    if (crop_width == width && crop_height == height) {
        return image_crop(in, x, y, width, height, out, err);
    }
    window = window_of(in, x, y, crop_width, crop_height);
    return scale_window(&window, width, height, out, err);
}

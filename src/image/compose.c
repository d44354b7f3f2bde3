/* compose.c - the product alone on pure white. */
#include "image/compose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/ground.h"
#include "image/measure.h"
#include "image/resize.h"

/* Colour distances, as the largest difference of the three channels. Border and backdrop pixels are
 * compared with the border's median colour. An edge pixel at SOFT_MAX or more from that colour is
 * product only. */
enum { PLAIN_MAX = 24, FLOOD_MAX = 70, SOFT_MAX = 66 };

enum { VISIBLE_ALPHA = 32 }; /* pixels below it do not count as product */

static const uint8_t *pixel(const struct image *image, int x, int y)
{
    return image->pixels + ((size_t)y * (size_t)image->width + (size_t)x) * (size_t)image->channels;
}

static int distance(const uint8_t *a, const uint8_t *b)
{
    int largest = 0;

    for (int c = 0; c < 3; c++) {
        int difference = abs(a[c] - b[c]);

        largest = difference > largest ? difference : largest;
    }
    return largest;
}

/* Maps a position along the border, counted clockwise, to a pixel. */
static void border_at(const struct image *image, int i, int *x, int *y)
{
    int w = image->width, h = image->height;

    if (i < w) {
        *x = i;
        *y = 0;
    } else if (i < w + h) {
        *x = w - 1;
        *y = i - w;
    } else if (i < 2 * w + h) {
        *x = i - w - h;
        *y = h - 1;
    } else {
        *x = 0;
        *y = i - 2 * w - h;
    }
}

static int by_value(const void *a, const void *b)
{
    return *(const uint8_t *)a - *(const uint8_t *)b;
}

/* Computes the median colour of the border, which single objects on the border do not change. */
static bool backdrop_colour(const struct image *image, uint8_t colour[3])
{
    int count = 2 * (image->width + image->height);
    uint8_t *values = malloc((size_t)count);

    if (!values) {
        return false;
    }
    for (int c = 0; c < 3; c++) {
        for (int i = 0; i < count; i++) {
            int x, y;

            border_at(image, i, &x, &y);
            values[i] = pixel(image, x, y)[c];
        }
        qsort(values, (size_t)count, 1, by_value);
        colour[c] = values[count / 2];
    }
    free(values);
    return true;
}

bool backdrop_is_plain(const struct image *photo, const char **why_not)
{
    int count = 2 * (photo->width + photo->height), different = 0;
    uint8_t colour[3];

    *why_not = "its background has more than one colour";
    if (photo->width < 16 || photo->height < 16 || !backdrop_colour(photo, colour)) {
        return false;
    }
    for (int i = 0; i < count; i++) {
        int x, y;

        border_at(photo, i, &x, &y);
        different += distance(pixel(photo, x, y), colour) > PLAIN_MAX;
    }
    /* More than 0.5 %: the product touches the edge, or the photo shows a scene. */
    if (different * 200 > count) {
        *why_not = "its background is not plain, or the product touches the edge";
        return false;
    }
    return true;
}

struct backdrop_flood {
    const struct image *photo;
    uint8_t *is_backdrop; /* 1: the pixel belongs to the backdrop */
    int *stack;
    int count;
};

/* Marks a pixel as backdrop if it is close to its neighbour's colour and not far from the
 * border's colour. This follows a soft gradient and stops at an edge. */
static void flood_to(struct backdrop_flood *flood, int x, int y, const uint8_t *from,
                     const uint8_t *colour)
{
    const struct image *photo = flood->photo;
    int at = y * photo->width + x;

    if (x < 0 || y < 0 || x >= photo->width || y >= photo->height || flood->is_backdrop[at]) {
        return;
    }
    if (distance(pixel(photo, x, y), from) > 6 ||
        distance(pixel(photo, x, y), colour) > FLOOD_MAX) {
        return;
    }
    flood->is_backdrop[at] = 1;
    flood->stack[flood->count++] = at;
}

static bool find_backdrop(const struct image *photo, const uint8_t *colour, uint8_t *is_backdrop)
{
    size_t pixels = (size_t)photo->width * (size_t)photo->height;
    struct backdrop_flood flood = { photo, is_backdrop, malloc(pixels * sizeof *flood.stack), 0 };
    int border = 2 * (photo->width + photo->height);

    if (!flood.stack) {
        return false;
    }
    for (int i = 0; i < border; i++) {
        int x, y;

        border_at(photo, i, &x, &y);
        if (distance(pixel(photo, x, y), colour) <= PLAIN_MAX) {
            flood_to(&flood, x, y, pixel(photo, x, y), colour);
        }
    }
    while (flood.count > 0) {
        int at = flood.stack[--flood.count], x = at % photo->width, y = at / photo->width;
        const uint8_t *from = pixel(photo, x, y);

        flood_to(&flood, x - 1, y, from, colour);
        flood_to(&flood, x + 1, y, from, colour);
        flood_to(&flood, x, y - 1, from, colour);
        flood_to(&flood, x, y + 1, from, colour);
    }
    free(flood.stack);
    return true;
}

static bool touches_backdrop(const uint8_t *is_backdrop, const struct image *photo, int x, int y)
{
    for (int dy = -1; dy <= 1; dy++) {
        for (int dx = -1; dx <= 1; dx++) {
            int nx = x + dx, ny = y + dy;

            if (nx >= 0 && ny >= 0 && nx < photo->width && ny < photo->height &&
                is_backdrop[(size_t)ny * (size_t)photo->width + (size_t)nx]) {
                return true;
            }
        }
    }
    return false;
}

/* Handles an edge pixel, a blend of product and backdrop: its share of product becomes the
 * alpha, and the backdrop's colour is subtracted. */
static void soften(const uint8_t *in, const uint8_t *colour, uint8_t *out)
{
    int difference = distance(in, colour);
    double alpha = difference >= SOFT_MAX ? 1 : (double)difference / SOFT_MAX;

    if (alpha < 0.05) {
        memset(out, 0, 4);
        return;
    }
    for (int c = 0; c < 3; c++) {
        double value = (in[c] - (1 - alpha) * colour[c]) / alpha;

        out[c] = value < 0 ? 0 : value > 255 ? 255 : (uint8_t)(value + 0.5);
    }
    out[3] = (uint8_t)(alpha * 255 + 0.5);
}

bool image_cut_out(const struct image *photo, struct image *out, struct error *err)
{
    const char *why_not;
    uint8_t colour[3], *is_backdrop;

    if (!backdrop_is_plain(photo, &why_not)) {
        return error_set(err, ERROR_INPUT, "the product cannot be cut out of the photo: %s",
                         why_not);
    }
    is_backdrop = calloc((size_t)photo->width, (size_t)photo->height);
    if (!is_backdrop || !backdrop_colour(photo, colour) ||
        !find_backdrop(photo, colour, is_backdrop) ||
        !image_new(photo->width, photo->height, 4, out, err)) {
        free(is_backdrop);
        return error_set(err, ERROR_INTERNAL, "no memory to cut out a product");
    }
    for (int y = 0; y < photo->height; y++) {
        for (int x = 0; x < photo->width; x++) {
            size_t at = (size_t)y * (size_t)photo->width + (size_t)x;
            const uint8_t *in = pixel(photo, x, y);
            uint8_t *to = out->pixels + at * 4;

            if (is_backdrop[at]) {
                memset(to, 0, 4);
            } else if (touches_backdrop(is_backdrop, photo, x, y)) {
                soften(in, colour, to);
            } else {
                memcpy(to, in, 3);
                to[3] = photo->channels == 4 ? in[3] : 255;
            }
        }
    }
    free(is_backdrop);
    return true;
}

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

bool image_on_white(const struct image *cut_out, int width, int height, double fill,
                    double max_enlarge, struct image *out, struct composed *how, struct error *err)
{
    struct image product = { 0 }, scaled = { 0 };
    struct pixel_box box;
    double scale;
    bool good;

    if (cut_out->channels != 4 || measure_visible(cut_out, VISIBLE_ALPHA, &box) == 0) {
        return error_set(err, ERROR_OUTPUT, "no product found in the image");
    }
    if (!image_crop(cut_out, box.left, box.top, box.right - box.left + 1, box.bottom - box.top + 1,
                    &product, err)) {
        return false;
    }
    scale = fmin(width * fill / product.width, height * fill / product.height);
    if (scale > max_enlarge + 1e-9) {
        int w = product.width, h = product.height;

        image_free(&product);
        return error_set(err, ERROR_INPUT,
                         "the product has only %d x %d pixels in the photo; a larger photo is "
                         "needed",
                         w, h);
    }
    how->enlarged = scale;
    how->width = (int)fmax(1, lround(product.width * scale));
    how->height = (int)fmax(1, lround(product.height * scale));
    how->left = (width - how->width) / 2;
    how->top = (height - how->height) / 2;
    good = image_scale(&product, how->width, how->height, &scaled, err) &&
           image_new(width, height, 3, out, err);
    if (good) {
        memset(out->pixels, 255, (size_t)width * (size_t)height * 3);
        composite_on_white(&scaled, out, how->left, how->top);
        /* trim to the exact bounding box, although the soft edge extends further */
        good =
            ground_whiten(out) || error_set(err, ERROR_INTERNAL, "no memory to compose an image");
    }
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

/* patch_match.c - slides a word's pixels over the place where the other image should have them. */
#include "image/product/patch_match.h"

#include <math.h>
#include <stdlib.h>

#include "image/resize.h"

/* HEIGHT: of the compared copies. SHIFT: how far beside the expected place, in their pixels. */
enum { HEIGHT = 20, MOST_WIDTH = 160, SHIFT = 9, LEAST_SIDE = 6 /* pixels of the image */ };

static const double least_deviation = 4; /* levels; below it the place is plain */

struct patch {
    int width, height;
    float *light; /* brightness, 0 to 255 */
};

static int between(double value, int low, int high)
{
    return value < low ? low : value > high ? high : (int)value;
}

/* Reads a box of the image at a smaller or larger size. */
static bool read_patch(const struct image *image, const struct pixel_box *box, double across,
                       double down, struct patch *out)
{
    int width = box->right - box->left + 1, height = box->bottom - box->top + 1;
    struct image crop = { 0 }, scaled = { 0 };
    struct error ignored;
    bool good;

    out->width = (int)fmax(1, lround(width * across));
    out->height = (int)fmax(1, lround(height * down));
    out->light = calloc((size_t)out->width * (size_t)out->height, sizeof *out->light);
    good = out->light && image_crop(image, box->left, box->top, width, height, &crop, &ignored) &&
           image_scale(&crop, out->width, out->height, &scaled, &ignored);
    for (int i = 0; good && i < out->width * out->height; i++) {
        const uint8_t *p = scaled.pixels + (size_t)i * (size_t)scaled.channels;

        out->light[i] = (float)brightness_of(p) / 8;
    }
    image_free(&crop);
    image_free(&scaled);
    return good;
}

/* Returns the correlation of the word with the same-sized part of `field` at a place. */
static double correlation_at(const struct patch *word, const struct patch *field, int left, int top)
{
    double sums[2] = { 0 }, squares[2] = { 0 }, both = 0;
    double count = (double)word->width * word->height;

    for (int y = 0; y < word->height; y++) {
        const float *one = word->light + (size_t)y * (size_t)word->width;
        const float *two = field->light + (size_t)(top + y) * (size_t)field->width + left;
        float sum[2] = { 0 }, square[2] = { 0 }, product = 0;

        for (int x = 0; x < word->width; x++) {
            sum[0] += one[x];
            sum[1] += two[x];
            square[0] += one[x] * one[x];
            square[1] += two[x] * two[x];
            product += one[x] * two[x];
        }
        for (int k = 0; k < 2; k++) {
            sums[k] += sum[k];
            squares[k] += square[k];
        }
        both += product;
    }
    for (int k = 0; k < 2; k++) {
        squares[k] = squares[k] / count - sums[k] / count * (sums[k] / count);
        if (squares[k] < least_deviation * least_deviation) {
            return -1;
        }
    }
    return (both / count - sums[0] / count * (sums[1] / count)) / sqrt(squares[0] * squares[1]);
}

static bool is_inside(const struct pixel_box *box, const struct image *image)
{
    return box->left >= 0 && box->top >= 0 && box->right < image->width &&
           box->bottom < image->height && box->right - box->left + 1 >= LEAST_SIDE &&
           box->bottom - box->top + 1 >= LEAST_SIDE;
}

double patch_correlation(const struct image *image, struct pixel_box place,
                         const struct image *other, struct pixel_box expected, double enough)
{
    int width = place.right - place.left + 1, height = place.bottom - place.top + 1;
    int to = between((double)width * HEIGHT / height, LEAST_SIDE, MOST_WIDTH);
    double across = (double)to / (expected.right - expected.left + 1);
    double down = (double)HEIGHT / (expected.bottom - expected.top + 1), best = -1;
    struct pixel_box around = {
        between(expected.left - SHIFT / across, 0, other->width - 1),
        between(expected.top - SHIFT / down, 0, other->height - 1),
        between(expected.right + SHIFT / across, 0, other->width - 1),
        between(expected.bottom + SHIFT / down, 0, other->height - 1),
    };
    struct patch word = { 0 }, field = { 0 };

    if (is_inside(&place, image) && is_inside(&expected, other) &&
        read_patch(image, &place, (double)to / width, (double)HEIGHT / height, &word) &&
        read_patch(other, &around, across, down, &field)) {
        int spare = field.height - word.height, beside = field.width - word.width;

        if (spare >= 0 && beside >= 0) { /* mostly it is where it is expected */
            best = correlation_at(&word, &field, beside / 2, spare / 2);
        }
        for (int top = 0; top <= spare && best < enough; top++) {
            for (int left = 0; left <= beside && best < enough; left++) {
                best = fmax(best, correlation_at(&word, &field, left, top));
            }
        }
    }
    free(word.light);
    free(field.light);
    return best;
}

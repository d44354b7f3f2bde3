/* product_marks.c - compares the local contrast of both images. */
#include "image/product/product_marks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/resize.h"

enum {
    LONGER = 400, /* pixels of the product's longer side, at which both are compared */
    LEAST = 96,
    SMOOTH = 1,   /* pixels to each side: noise and texture */
    SURROUND = 6, /* the light around */
    CHANNELS = 2,
};

/* Brightness, and yellow against blue: yellow type on white is hardly darker. JPEG keeps colours at
 * half the size and less exactly, so that a photo has less contrast of them. */
static const struct channel {
    int weights[3];   /* in eighths */
    int contrast;     /* least levels of a mark */
    double amplified; /* contrast of an image of more contrast */
} channels[CHANNELS] = { { { 2, 5, 1 }, 4, 1.4 }, { { 4, 4, -8 }, 30, 2.5 } };

/* How far a detail may be from its place, by the correlation of details: a product that is turned
 * or seen in perspective has them elsewhere, and so has one whose place in the photo was searched
 * for. */
static int reach_of(const struct product_match *match, bool alone)
{
    return match->tilt != 0 || match->detail < 0.8 ? 15 : match->detail < 0.9 || !alone ? 6 : 3;
}

struct map_size {
    int width, height;
};

struct contrast_map {
    int width, height;
    float *value;       /* in levels: brighter than around, or darker */
    float *low, *spare; /* after `spread`, `value` is the brightest around, `low` the darkest */
};

/* Means over (2 * reach + 1) pixels, across or down. */
static void mean_along(const float *in, float *out, int width, int height, int reach, bool across)
{
    int lines = across ? height : width, length = across ? width : height;
    int step = across ? 1 : width, next = across ? width : 1;

    for (int line = 0; line < lines; line++) {
        const float *from = in + (size_t)line * (size_t)next;
        float *to = out + (size_t)line * (size_t)next;
        double sum = 0;
        int count = 0;

        for (int i = -reach; i < length; i++) {
            int enters = i + reach, leaves = i - reach - 1;

            if (enters < length) {
                sum += from[(size_t)enters * (size_t)step];
                count++;
            }
            if (leaves >= 0) {
                sum -= from[(size_t)leaves * (size_t)step];
                count--;
            }
            if (i >= 0) {
                to[(size_t)i * (size_t)step] = (float)(sum / count);
            }
        }
    }
}

static void mean_around(const float *in, float *out, float *spare, int width, int height, int reach)
{
    mean_along(in, spare, width, height, reach, true);
    mean_along(spare, out, width, height, reach, false);
}

/* Writes the largest (or smallest) value around each pixel, across or down. */
static void extreme_along(const float *in, float *out, const struct contrast_map *map, int reach,
                          bool across, bool largest)
{
    int length = across ? map->width : map->height, step = across ? 1 : map->width;

    for (int y = 0; y < map->height; y++) {
        for (int x = 0; x < map->width; x++) {
            int at = across ? x : y, here = y * map->width + x;
            float most = in[here];

            for (int i = at > reach ? -reach : -at; i <= reach && at + i < length; i++) {
                float other = in[here + i * step];

                most = (largest ? other > most : other < most) ? other : most;
            }
            out[here] = most;
        }
    }
}

static void spread(struct contrast_map *map, int reach)
{
    extreme_along(map->value, map->spare, map, reach, true, false);
    extreme_along(map->spare, map->low, map, reach, false, false);
    extreme_along(map->value, map->spare, map, reach, true, true);
    extreme_along(map->spare, map->value, map, reach, false, true);
}

/* Crops to the product, scales it to the size of the map, and subtracts the light around. */
static bool read_contrast(const struct image *image, struct pixel_box box,
                          const struct channel *channel, struct contrast_map *out)
{
    size_t count = (size_t)out->width * (size_t)out->height;
    struct image crop = { 0 }, scaled = { 0 };
    float *light = calloc(count, sizeof *light), *around = calloc(count, sizeof *around);
    struct error ignored;
    bool good;

    out->value = calloc(count, sizeof *out->value);
    out->low = malloc(count * sizeof *out->low);
    out->spare = malloc(count * sizeof *out->spare);
    good = light && around && out->value && out->low && out->spare &&
           image_crop(image, box.left, box.top, box.right - box.left + 1, box.bottom - box.top + 1,
                      &crop, &ignored) &&
           image_scale(&crop, out->width, out->height, &scaled, &ignored);
    if (good) {
        for (size_t i = 0; i < count; i++) {
            const uint8_t *p = scaled.pixels + i * (size_t)scaled.channels;

            light[i] = (float)(p[0] * channel->weights[0] + p[1] * channel->weights[1] +
                               p[2] * channel->weights[2]) /
                       8;
        }
        mean_around(light, around, out->spare, out->width, out->height, SURROUND);
        mean_around(light, out->value, out->spare, out->width, out->height, SMOOTH);
        for (size_t i = 0; i < count; i++) {
            out->value[i] -= around[i];
        }
    }
    free(light);
    free(around);
    image_free(&crop);
    image_free(&scaled);
    return good;
}

static void contrast_free(struct contrast_map *map)
{
    free(map->value);
    free(map->low);
    free(map->spare);
}

/* Of a cell of the product; lenses and lampshades let some light through. */
static const float covered = 0.85F;

/* Returns true if the product covers the cell and those around, in both images. */
static bool is_inside(const struct product_view *photo, const struct product_view *made, int x,
                      int y)
{
    for (int dy = -3; dy <= 3; dy += 3) {
        for (int dx = -3; dx <= 3; dx += 3) {
            int nx = x + dx, ny = y + dy, at = ny * VIEW_SIDE + nx;

            if (nx < 0 || ny < 0 || nx >= VIEW_SIDE || ny >= VIEW_SIDE ||
                photo->alpha[at] < covered || made->alpha[at] < covered) {
                return false;
            }
        }
    }
    return true;
}

/* Finds the cells of which at least a sixth is marked. The result is in pixels of the image whose
 * product's box is `product`; empty if there are none. */
static struct pixel_box box_of_marks(const int marks[VIEW_CELLS], const struct map_size *size,
                                     const struct pixel_box *product)
{
    int dense = size->width * size->height / (VIEW_CELLS * 6) + 1;
    int left = VIEW_SIDE, top = VIEW_SIDE, right = -1, bottom = -1;
    int width = product->right - product->left + 1, height = product->bottom - product->top + 1;

    for (int i = 0; i < VIEW_CELLS; i++) {
        int x = i % VIEW_SIDE, y = i / VIEW_SIDE;

        if (marks[i] >= dense) {
            left = x < left ? x : left;
            top = y < top ? y : top;
            right = x > right ? x : right;
            bottom = y > bottom ? y : bottom;
        }
    }
    if (right < 0) {
        return (struct pixel_box){ .right = -1, .bottom = -1 };
    }
    return (struct pixel_box){ product->left + left * width / VIEW_SIDE,
                               product->top + top * height / VIEW_SIDE,
                               product->left + (right + 1) * width / VIEW_SIDE - 1,
                               product->top + (bottom + 1) * height / VIEW_SIDE - 1 };
}

/* Marks the pixels with contrast that the photo does not have around there. In a photo that is
 * darker by `gain`, all contrast is less. */
static void compare(const struct contrast_map *photo, const struct contrast_map *made,
                    const struct channel *channel, double gain, uint8_t *marked)
{
    double amplified = channel->amplified * gain;

    for (int i = 0; i < made->width * made->height; i++) {
        marked[i] |= made->value[i] > channel->contrast + amplified * fmaxf(photo->value[i], 0) ||
                     made->value[i] < amplified * fminf(photo->low[i], 0) - channel->contrast;
    }
}

/* Counts the marked pixels of each cell. Returns the share of the product that is marked; -1 if it
 * is too small. */
static double count_marks(const uint8_t *marked, const struct map_size *size,
                          const struct product_view *photo_view,
                          const struct product_view *made_view, int marks[VIEW_CELLS])
{
    bool inside[VIEW_CELLS];
    int count = 0, sum = 0;

    for (int i = 0; i < VIEW_CELLS; i++) {
        inside[i] = is_inside(photo_view, made_view, i % VIEW_SIDE, i / VIEW_SIDE);
    }
    for (int y = 0; y < size->height; y++) {
        for (int x = 0; x < size->width; x++) {
            int cell = y * VIEW_SIDE / size->height * VIEW_SIDE + x * VIEW_SIDE / size->width;
            int is_mark = marked[y * size->width + x];

            if (inside[cell]) {
                count++;
                sum += is_mark;
                marks[cell] += is_mark;
            }
        }
    }
    return count > LEAST * LEAST / 4 ? (double)sum / count : -1;
}

/* Marks in one channel. Returns false if memory runs out. */
static bool compare_channel(const struct product_reference *reference, const struct image *made,
                            struct pixel_box made_box, const struct channel *channel, int reach,
                            struct map_size size, uint8_t *marked)
{
    struct contrast_map photo = { .width = size.width, .height = size.height }, other = photo;
    bool good = read_contrast(reference->photo, reference->box, channel, &photo) &&
                read_contrast(made, made_box, channel, &other);

    if (good) {
        spread(&photo, reach);
        compare(&photo, &other, channel, product_reference_gain(reference), marked);
    }
    contrast_free(&photo);
    contrast_free(&other);
    return good;
}

double product_marks(const struct product_reference *reference, const struct image *made,
                     struct pixel_box made_box, const struct product_view *made_view,
                     const struct product_match *match, struct pixel_box *where)
{
    const struct pixel_box *box = &reference->box;
    int width = box->right - box->left + 1, height = box->bottom - box->top + 1;
    double scale = (double)LONGER / (width > height ? width : height);
    struct map_size size = { (int)fmax(1, width * scale), (int)fmax(1, height * scale) };
    uint8_t *marked = calloc((size_t)size.width, (size_t)size.height);
    int marks[VIEW_CELLS] = { 0 };
    bool good = marked && scale <= (double)LONGER / LEAST;
    double out = -1;

    *where = (struct pixel_box){ .right = -1, .bottom = -1 };
    for (int i = 0; good && i < CHANNELS; i++) {
        good = compare_channel(reference, made, made_box, &channels[i],
                               reach_of(match, reference->alone), size, marked);
    }
    if (good) {
        out = count_marks(marked, &size, &reference->view, made_view, marks);
        *where = box_of_marks(marks, &size, &made_box);
    }
    free(marked);
    return out;
}

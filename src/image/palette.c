/* palette.c - palettes in Lab and their distance. */
#include "image/palette.h"

#include <math.h>
#include <stdlib.h>

enum { L_CELLS = 10, AB_CELLS = 32, CELLS = L_CELLS * AB_CELLS * AB_CELLS };

/* Weight of lightness, since lighting differs between images of the same product. */
static const double lightness_weight = 0.5;

static double linear(uint8_t value)
{
    double v = value / 255.0;

    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static float root(float t)
{
    return t > 216.0F / 24389 ? cbrtf(t) : (24389.0F / 27 * t + 16) / 116;
}

static struct palette_colour lab_of(const uint8_t *p, const float *linear_of_byte)
{
    float r = linear_of_byte[p[0]], g = linear_of_byte[p[1]], b = linear_of_byte[p[2]];
    float x = root((0.4124564F * r + 0.3575761F * g + 0.1804375F * b) / 0.95047F);
    float y = root(0.2126729F * r + 0.7151522F * g + 0.0721750F * b);
    float z = root((0.0193339F * r + 0.1191920F * g + 0.9503041F * b) / 1.08883F);

    return (struct palette_colour){ 116 * y - 16, 500 * (x - y), 200 * (y - z), 1 };
}

static double distance(const struct palette_colour *x, const struct palette_colour *y)
{
    double l = (x->l - y->l) * lightness_weight, a = x->a - y->a, b = x->b - y->b;

    return sqrt(l * l + a * a + b * b);
}

static int cell_of(const struct palette_colour *lab)
{
    int l = (int)(lab->l / (100.0 / L_CELLS)), a = (int)((lab->a + 128) / (256.0 / AB_CELLS));
    int b = (int)((lab->b + 128) / (256.0 / AB_CELLS));

    l = l < 0 ? 0 : l < L_CELLS ? l : L_CELLS - 1;
    a = a < 0 ? 0 : a < AB_CELLS ? a : AB_CELLS - 1;
    b = b < 0 ? 0 : b < AB_CELLS ? b : AB_CELLS - 1;
    return (l * AB_CELLS + a) * AB_CELLS + b;
}

static int by_share(const void *a, const void *b)
{
    float x = ((const struct palette_colour *)a)->share;
    float y = ((const struct palette_colour *)b)->share;

    return (x < y) - (x > y);
}

/* Sums the colours in a grid of cells and computes the means. Returns the number of pixels. */
static int64_t sum_cells(const struct image *image, struct palette_colour *cells)
{
    size_t count = (size_t)image->width * (size_t)image->height;
    float linear_of_byte[256];
    int64_t opaque = 0;

    for (int i = 0; i < 256; i++) {
        linear_of_byte[i] = (float)linear((uint8_t)i);
    }
    for (size_t i = 0; i < count; i++) {
        const uint8_t *pixel = image->pixels + i * (size_t)image->channels;
        struct palette_colour lab, *cell;

        if (image->channels == 4 && pixel[3] < PALETTE_OPAQUE) {
            continue;
        }
        lab = lab_of(pixel, linear_of_byte);
        cell = &cells[cell_of(&lab)];
        cell->l += lab.l;
        cell->a += lab.a;
        cell->b += lab.b;
        cell->share += 1;
        opaque++;
    }
    for (int i = 0; i < CELLS; i++) {
        if (cells[i].share > 0) {
            cells[i].l /= cells[i].share;
            cells[i].a /= cells[i].share;
            cells[i].b /= cells[i].share;
        }
    }
    return opaque;
}

static struct palette_colour *nearest_to(const struct palette_colour *colour,
                                         struct lab_palette *palette)
{
    struct palette_colour *nearest = &palette->colours[0];

    for (int i = 1; i < palette->count; i++) {
        if (distance(colour, &palette->colours[i]) < distance(colour, nearest)) {
            nearest = &palette->colours[i];
        }
    }
    return nearest;
}

/* Keeps the fullest cells and adds the others to the nearest of them. */
bool palette_of(const struct image *image, struct lab_palette *out, struct error *err)
{
    struct palette_colour *cells = calloc(CELLS, sizeof *cells);
    int64_t opaque;

    *out = (struct lab_palette){ 0 };
    if (!cells) {
        return error_set(err, ERROR_INTERNAL, "no memory to compare images");
    }
    opaque = sum_cells(image, cells);
    qsort(cells, CELLS, sizeof *cells, by_share);
    while (out->count < PALETTE_COLOURS && cells[out->count].share > 0) {
        out->colours[out->count] = cells[out->count];
        out->count++;
    }
    for (int i = out->count; i < CELLS && cells[i].share > 0; i++) {
        nearest_to(&cells[i], out)->share += cells[i].share;
    }
    for (int i = 0; i < out->count; i++) {
        out->colours[i].share /= (float)opaque;
    }
    free(cells);
    return true;
}

/* -- distance -------------------------------------------------------------------------------- */

struct pair { /* a pair of colours, one of each palette */
    double lab_distance;
    int from, to;
};

static int by_distance(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;

    return x->lab_distance != y->lab_distance
               ? (x->lab_distance > y->lab_distance) - (x->lab_distance < y->lab_distance)
           : x->from != y->from ? x->from - y->from
                                : x->to - y->to;
}

static int pairs_between(const struct lab_palette *from, const struct lab_palette *to,
                         struct pair *pairs)
{
    int count = 0;

    for (int i = 0; i < from->count; i++) {
        for (int j = 0; j < to->count; j++) {
            pairs[count++] = (struct pair){ distance(&from->colours[i], &to->colours[j]), i, j };
        }
    }
    qsort(pairs, (size_t)count, sizeof *pairs, by_distance);
    return count;
}

/* Approximates the earth mover's distance: moves the closest pairs first. */
double palette_distance(const struct lab_palette *from, const struct lab_palette *to, double part)
{
    struct pair pairs[PALETTE_COLOURS * PALETTE_COLOURS];
    double unmatched[PALETTE_COLOURS], capacity[PALETTE_COLOURS], sum = 0, moved = 0;
    int count = pairs_between(from, to, pairs);

    for (int i = 0; i < from->count; i++) {
        unmatched[i] = from->colours[i].share;
    }
    for (int i = 0; i < to->count; i++) {
        capacity[i] = to->colours[i].share / part;
    }
    for (int i = 0; i < count; i++) {
        double moved_now = fmin(unmatched[pairs[i].from], capacity[pairs[i].to]);

        unmatched[pairs[i].from] -= moved_now;
        capacity[pairs[i].to] -= moved_now;
        sum += moved_now * pairs[i].lab_distance;
        moved += moved_now;
    }
    return moved > 0 ? sum / moved : -1;
}

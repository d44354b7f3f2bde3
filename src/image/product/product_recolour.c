/* product_recolour.c - compares hue and chroma of strong colours, without lightness. */
#include "image/product/product_recolour.h"

#include <math.h>

enum { AROUND = 4 }; /* cells by which a part may have moved */

static const float whole = 0.8F; /* alpha of a cell that does not show what is beside the product */
static const struct limits {
    float strong; /* chroma from which a colour counts */
    float other;  /* distance from it in the plane of a and b, of the chroma */
} clear = { 30, 0.6F }, slight = { 20, 0.5F };
static const float least_hue = 8;    /* chroma of a backdrop that has a hue */
static const float same = 0.8F;      /* cosine of the angle between directions */
static const double most_light = 20; /* by which light changes a colour, in that plane */

/* Returns true if vectors of the plane of a and b have about the same direction. */
static bool same_direction(float a, float b, float to_a, float to_b)
{
    return a * to_a + b * to_b >= same * hypotf(a, b) * hypotf(to_a, to_b);
}

/* Returns true if the cell shows the backdrop, or differs from the other product's as if the
 * backdrop shone through it, or were reflected by it. */
static bool shows_backdrop(const struct product_view *one, const struct product_view *other, int i)
{
    float a = one->lab[1][i], b = one->lab[2][i];
    float to_a = one->backdrop[1], to_b = one->backdrop[2];

    return one->has_backdrop && hypotf(to_a, to_b) >= least_hue &&
           (same_direction(a, b, to_a, to_b) ||
            same_direction(a - other->lab[1][i], b - other->lab[2][i], to_a - other->lab[1][i],
                           to_b - other->lab[2][i]));
}

/* Returns true if a cell around shows nearly this colour. */
static bool has_colour(const struct product_view *view, int i, float a, float b, float other)
{
    int x = i % VIEW_SIDE, y = i / VIEW_SIDE;
    float most = other * other * (a * a + b * b);

    for (int ny = y > AROUND ? y - AROUND : 0; ny <= y + AROUND && ny < VIEW_SIDE; ny++) {
        for (int nx = x > AROUND ? x - AROUND : 0; nx <= x + AROUND && nx < VIEW_SIDE; nx++) {
            int at = ny * VIEW_SIDE + nx;
            float to_a = view->lab[1][at] - a, to_b = view->lab[2][at] - b;

            if (to_a * to_a + to_b * to_b <= most) {
                return true;
            }
        }
    }
    return false;
}

/* Returns `other` without the colour of its light: the mean difference, as far as light can cause
 * it. */
static struct product_view in_light_of(const struct product_view *one,
                                       const struct product_view *other)
{
    struct product_view out = *other;
    double a = 0, b = 0, scale;
    int count = 0;

    for (int i = 0; i < VIEW_CELLS; i++) {
        if (one->alpha[i] >= whole && other->alpha[i] >= whole) {
            a += other->lab[1][i] - one->lab[1][i];
            b += other->lab[2][i] - one->lab[2][i];
            count++;
        }
    }
    scale = count > 0 ? fmin(1, most_light * count / fmax(hypot(a, b), 1)) / count : 0;
    for (int i = 0; i < VIEW_CELLS; i++) {
        out.lab[1][i] -= (float)(a * scale);
        out.lab[2][i] -= (float)(b * scale);
    }
    return out;
}

static double recoloured(const struct product_view *one, const struct product_view *other,
                         struct limits by)
{
    uint8_t changed[VIEW_CELLS];
    int product = 0;

    for (int i = 0; i < VIEW_CELLS; i++) {
        float a = one->lab[1][i], b = one->lab[2][i];
        bool is_product = one->alpha[i] >= whole;

        product += is_product;
        changed[i] = is_product && other->alpha[i] >= whole && hypotf(a, b) >= by.strong &&
                     !shows_backdrop(one, other, i) && !has_colour(other, i, a, b, by.other);
    }
    return product_view_largest_part(changed) / fmax(product, 1);
}

double product_recoloured(const struct product_view *one, const struct product_view *other)
{
    struct product_view shown = in_light_of(one, other);

    return recoloured(one, &shown, clear);
}

double product_tinted(const struct product_view *one, const struct product_view *other)
{
    bool is_neutral = one->has_backdrop && hypotf(one->backdrop[1], one->backdrop[2]) < least_hue;

    return is_neutral ? recoloured(one, other, slight) : 0;
}

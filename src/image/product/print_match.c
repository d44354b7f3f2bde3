/* print_match.c - compares squares of the product that have strong contrast, one by one. */
#include "image/product/print_match.h"

#include <math.h>

#include "image/product/patch_match.h"

/* ACROSS: squares along the product's longer side: about a letter of a large print. MARGIN: cells
 * of the view between a square and the product's outline, whose contrast is not the print's. */
enum { ACROSS = 16, MARGIN = 2, CELLS = 4 };

static const double strong = 25; /* standard deviation of brightness, in levels */
static const double same = 0.6;  /* least correlation; below it the print is another one */

/* Returns true if the product covers the place and what is around it. */
static bool is_inside(const struct product_reference *reference, const struct pixel_box *place)
{
    const struct pixel_box *box = &reference->box;
    double across = (double)VIEW_SIDE / (box->right - box->left + 1);
    double down = (double)VIEW_SIDE / (box->bottom - box->top + 1);
    int left = (int)((place->left - box->left) * across) - MARGIN;
    int right = (int)((place->right - box->left) * across) + MARGIN;
    int top = (int)((place->top - box->top) * down) - MARGIN;
    int bottom = (int)((place->bottom - box->top) * down) + MARGIN;

    if (left < 0 || top < 0 || right >= VIEW_SIDE || bottom >= VIEW_SIDE) {
        return false;
    }
    for (int y = top; y <= bottom; y++) {
        for (int x = left; x <= right; x++) {
            if (reference->view.alpha[y * VIEW_SIDE + x] < 0.98F) {
                return false;
            }
        }
    }
    return true;
}

/* Returns the mean brightness of every other pixel of a box, in both directions. */
static double mean_brightness(const struct image *image, int left, int top, int right, int bottom)
{
    double sum = 0;
    int count = 0;

    for (int y = top; y < bottom; y += 2) {
        const uint8_t *row =
            image->pixels + (size_t)y * (size_t)image->width * (size_t)image->channels;

        for (int x = left; x < right; x += 2) {
            const uint8_t *p = row + (size_t)x * (size_t)image->channels;

            sum += brightness_of(p) / 8.0;
            count++;
        }
    }
    return count > 0 ? sum / count : 0;
}

/* Standard deviation of the brightness of CELLS x CELLS parts of the place: fine stripes and weave
 * have none, and cannot be compared, since the product's place is not known that exactly. */
static double deviation_of(const struct image *image, const struct pixel_box *place)
{
    double width = (place->right - place->left + 1.0) / CELLS;
    double height = (place->bottom - place->top + 1.0) / CELLS, sum = 0, squares = 0;

    for (int i = 0; i < CELLS * CELLS; i++) {
        int x = i % CELLS, y = i / CELLS;
        double light =
            mean_brightness(image, place->left + (int)(x * width), place->top + (int)(y * height),
                            place->left + (int)((x + 1) * width),
                            place->top + (int)((y + 1) * height));

        sum += light;
        squares += light * light;
    }
    sum /= CELLS * CELLS;
    return sqrt(fmax(0, squares / (CELLS * CELLS) - sum * sum));
}

/* Converts a place of the photo to one of the image. */
static struct pixel_box place_in(const struct pixel_box *place, const struct pixel_box *from,
                                 const struct pixel_box *to)
{
    double across = (to->right - to->left + 1.0) / (from->right - from->left + 1);
    double down = (to->bottom - to->top + 1.0) / (from->bottom - from->top + 1);

    return (struct pixel_box){ to->left + (int)((place->left - from->left) * across),
                               to->top + (int)((place->top - from->top) * down),
                               to->left + (int)((place->right + 1 - from->left) * across) - 1,
                               to->top + (int)((place->bottom + 1 - from->top) * down) - 1 };
}

static void add_box(struct pixel_box *all, const struct pixel_box *one)
{
    bool empty = all->right < all->left;

    all->left = empty || one->left < all->left ? one->left : all->left;
    all->top = empty || one->top < all->top ? one->top : all->top;
    all->right = empty || one->right > all->right ? one->right : all->right;
    all->bottom = empty || one->bottom > all->bottom ? one->bottom : all->bottom;
}

struct print_match print_match(const struct product_reference *reference, const struct image *image,
                               struct pixel_box box)
{
    const struct pixel_box *from = &reference->box;
    double width = from->right - from->left + 1, height = from->bottom - from->top + 1;
    double side = fmax(width, height) / ACROSS;
    struct print_match out = { .where = { .right = -1, .bottom = -1 } };

    for (int y = 0; (y + 1) * side <= height; y++) {
        for (int x = 0; (x + 1) * side <= width; x++) {
            struct pixel_box place = { from->left + (int)(x * side), from->top + (int)(y * side),
                                       from->left + (int)((x + 1) * side) - 1,
                                       from->top + (int)((y + 1) * side) - 1 };

            if (!is_inside(reference, &place) || deviation_of(reference->photo, &place) < strong) {
                continue;
            }
            out.places++;
            if (patch_correlation(reference->photo, place, image, place_in(&place, from, &box),
                                  same) < same) {
                out.different++;
                add_box(&out.where, &place);
            }
        }
    }
    return out;
}

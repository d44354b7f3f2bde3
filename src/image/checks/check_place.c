/* check_place.c - places of the image and of the photo that correspond to each other. */
#include "image/checks/check_place.h"

#include "image/product/product_texture.h"

static int between(double value, int low, int high)
{
    return value < low ? low : value > high ? high : (int)value;
}

/* Finds the product of the photo in the image. */
static bool find_product(const struct check_subject *subject, struct pixel_box *out)
{
    const struct check_product *product = subject->product;

    if (product && product->has_match) {
        *out = product_box_of(subject->coverage, subject->image->width, subject->image->height);
        return true;
    }
    if (product && product->reference.alone && product->has_scene && product->scene.known &&
        product->scene.turn == TURN_NONE) {
        *out = product->scene.box;
        return true;
    }
    return false;
}

bool check_place_find(const struct check_subject *subject, const struct pixel_box *place,
                      bool in_photo, enum place_margin margin, struct pixel_box *out)
{
    double share = margin == MARGIN_TO_READ ? 1 : margin == MARGIN_TO_SHOW ? 0.2 : 0;
    const struct image *image = in_photo ? subject->photo : subject->image;
    struct pixel_box made, from, to;
    double across, down, margin_x, margin_y;

    if (!find_product(subject, &made)) {
        return false;
    }
    from = in_photo ? made : subject->product->reference.box;
    to = in_photo ? subject->product->reference.box : made;
    across = (double)(to.right - to.left + 1) / (from.right - from.left + 1);
    down = (double)(to.bottom - to.top + 1) / (from.bottom - from.top + 1);
    margin_x = share * (0.3 * (place->right - place->left) + 0.02 * (from.right - from.left));
    margin_y = share * (0.6 * (place->bottom - place->top) + 0.02 * (from.bottom - from.top));
    out->left =
        between(to.left + (place->left - margin_x - from.left) * across, 0, image->width - 1);
    out->right = between(to.left + (place->right + margin_x - from.left) * across, out->left,
                         image->width - 1);
    out->top = between(to.top + (place->top - margin_y - from.top) * down, 0, image->height - 1);
    out->bottom =
        between(to.top + (place->bottom + margin_y - from.top) * down, out->top, image->height - 1);
    return true;
}

void check_place_set(const struct check_subject *subject, const struct pixel_box *box,
                     struct check_place *place)
{
    if (!place->in_image) {
        place->in_image = true;
        place->image = *box;
        place->in_photo = check_place_find(subject, box, true, MARGIN_TO_SHOW, &place->photo);
    }
}

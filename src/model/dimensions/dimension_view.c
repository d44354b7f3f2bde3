/* dimension_view.c - which dimensions an image of the product shows. */
#include <math.h>

#include "model/dimensions/dimension_number.h"
#include "model/dimensions/dimensions.h"

/* Natural logarithms of ratios. Photos show products with some perspective: 8 % off is a match, and
 * a match is clear if the next one is 5 % worse. 35 % off is a contradiction. */
static const double MATCH = 0.08, CLEARER = 0.05, CONTRADICTION = 0.30;

/* A photo taken from above or with a handle shows other proportions: "24 x 7 cm" of a product that
 * is twice as high as wide. Up to 65 % off, the numbers are still clear if every other choice is
 * off by another 50 %. */
static const double LOOSE = 0.5, DECISIVE = 0.4;

enum { SERIES = 3 };

static double misfit(const struct dimension *list, int horizontal, int vertical, double aspect)
{
    return fabs(log(dimension_mm(&list[horizontal]) / dimension_mm(&list[vertical]) / aspect));
}

/* The product's dimension with this axis; -1 if there is none. */
static int find_axis(const struct dimension *list, int count, enum dimension_axis axis)
{
    for (int i = 0; i < count; i++) {
        if (list[i].axis == axis && list[i].part[0] == '\0') {
            return i;
        }
    }
    return -1;
}

static void show(struct dimension_view *view, const struct dimension *list, int horizontal,
                 int vertical)
{
    view->horizontal = horizontal;
    view->vertical = vertical;
    view->horizontal_axis = horizontal >= 0 ? list[horizontal].axis : AXIS_UNKNOWN;
    view->vertical_axis = vertical >= 0 ? list[vertical].axis : AXIS_UNKNOWN;
}

/* Length and width of a flat product seen from above: the length is the longer extent. */
static void show_flat(struct dimension_view *view, const struct dimension *list, int length,
                      int width, double aspect)
{
    if (misfit(list, length, width, aspect) <= misfit(list, width, length, aspect)) {
        show(view, list, length, width);
    } else {
        show(view, list, width, length);
    }
}

static void show_named(struct dimension_view *view, const struct dimension *list, int count,
                       double aspect)
{
    int height = find_axis(list, count, AXIS_HEIGHT), width = find_axis(list, count, AXIS_WIDTH);
    int length = find_axis(list, count, AXIS_LENGTH);
    int diameter = find_axis(list, count, AXIS_DIAMETER);

    if (height < 0 && length >= 0 && (width >= 0 || diameter >= 0)) {
        show_flat(view, list, length, width >= 0 ? width : diameter, aspect);
        return;
    }
    if (width < 0) {
        width = diameter;
    }
    if (height >= 0 && length >= 0 &&
        (width < 0 || misfit(list, length, height, aspect) < misfit(list, width, height, aspect))) {
        width = length; /* a long product seen from its side */
    }
    if (height < 0 && width < 0 && length >= 0) {
        show(view, list, aspect >= 1 ? length : -1, aspect >= 1 ? -1 : length);
        return;
    }
    if (height >= 0 && width >= 0 && misfit(list, width, height, aspect) > CONTRADICTION &&
        misfit(list, height, width, aspect) < MATCH) {
        show(view, list, height, width); /* the product lies on its side */
        return;
    }
    show(view, list, width, height);
}

/* One extent is named, and one number remains without an axis, as in "Ø 8 x 10 cm": it is the other
 * extent if it fits. */
static void show_remaining(struct dimension_view *view, const struct dimension *list, int count,
                           double aspect)
{
    int rest = -1;

    for (int i = 0; i < count; i++) {
        if (list[i].part[0] == '\0' && list[i].axis == AXIS_UNKNOWN) {
            rest = rest < 0 ? i : -2;
        }
    }
    if (rest < 0 || (view->horizontal < 0) == (view->vertical < 0)) {
        return;
    }
    if (view->vertical < 0 && misfit(list, view->horizontal, rest, aspect) <= MATCH) {
        view->vertical = rest;
        view->vertical_axis = AXIS_HEIGHT;
    } else if (view->horizontal < 0 && misfit(list, rest, view->vertical, aspect) <= MATCH) {
        view->horizontal = rest;
        view->horizontal_axis = AXIS_WIDTH;
    }
}

struct extents {
    int horizontal, vertical;
    double misfit;
};

/* The customary orders are width x height, and length x width x height. */
static struct extents customary(const struct dimension *list, int first, int count, double aspect)
{
    int height = first + count - 1;
    struct extents best = { first, height, misfit(list, first, height, aspect) };

    if (count == SERIES && misfit(list, first + 1, height, aspect) < best.misfit - CLEARER) {
        best = (struct extents){ first + 1, height, misfit(list, first + 1, height, aspect) };
    }
    return best;
}

static bool same_values(const struct dimension *list, const struct extents *a,
                        const struct extents *b)
{
    return fabs(dimension_mm(&list[a->horizontal]) - dimension_mm(&list[b->horizontal])) < 0.1 &&
           fabs(dimension_mm(&list[a->vertical]) - dimension_mm(&list[b->vertical])) < 0.1;
}

/* Returns true if one pair of numbers fits clearly better than all others. */
static bool find_pair(const struct dimension *list, int first, int count, double aspect,
                      struct extents *out)
{
    double next = INFINITY;

    *out = customary(list, first, count, aspect);
    for (int h = first; h < first + count; h++) {
        for (int v = first; v < first + count; v++) {
            struct extents pair = { h, v, misfit(list, h, v, aspect) };

            if (h == v || same_values(list, &pair, out)) {
                continue;
            }
            if (pair.misfit < out->misfit) {
                next = out->misfit;
                *out = pair;
            } else {
                next = fmin(next, pair.misfit);
            }
        }
    }
    return (out->misfit <= MATCH && next >= out->misfit + CLEARER) ||
           (out->misfit <= LOOSE && next >= out->misfit + DECISIVE);
}

static void show_series(struct dimension_view *view, const struct dimension *list, int first,
                        int count, double aspect)
{
    struct extents pair = customary(list, first, count, aspect);

    if (pair.misfit > MATCH && !find_pair(list, first, count, aspect, &pair)) {
        view->ambiguous = true;
        return;
    }
    view->horizontal = pair.horizontal;
    view->vertical = pair.vertical;
    view->horizontal_axis = AXIS_WIDTH;
    view->vertical_axis = AXIS_HEIGHT;
    if (count == SERIES) {
        view->depth = 3 * first + SERIES - pair.horizontal - pair.vertical;
    }
}

struct dimension_view dimensions_view(const struct dimension *list, int count, double aspect)
{
    struct dimension_view view = { .horizontal = -1, .vertical = -1, .depth = -1 };

    show_named(&view, list, count, aspect);
    show_remaining(&view, list, count, aspect);
    for (int i = 0; i < count && view.horizontal < 0 && view.vertical < 0; i++) {
        int numbers = 1;

        if (list[i].part[0] || list[i].axis != AXIS_UNKNOWN) {
            continue;
        }
        while (i + numbers < count && dimension_continues(list, i + numbers)) {
            numbers++;
        }
        if (numbers > 1) {
            show_series(&view, list, i, numbers, aspect);
            break;
        }
        show(&view, list, aspect >= 1 ? i : -1, aspect >= 1 ? -1 : i); /* the longest extent */
    }
    return view;
}

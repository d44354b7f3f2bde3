/* check_product_details.c - prints, labels and parts of the product are where the photo shows them:
 * it is not mirrored or turned, and is no variant with another print. */
#include <stdio.h>

#include "image/checks/check_place.h"
#include "image/checks/check_skip.h"
#include "image/product/print_match.h"
#include "image/product/product_texture.h"

/* Fewer squares are no print; a few may differ by light or perspective. */
enum { LEAST_DIFFERENT = 3 };

/* Fails if a larger share of the photo's print is another one in the image. */
static void compare_print(const struct check_subject *subject, double limit,
                          struct check_finding *out)
{
    const struct image *image = subject->image;
    struct print_match print =
        print_match(&subject->product->reference, image,
                    product_box_of(subject->coverage, image->width, image->height));
    struct pixel_box *where = &out->place.image;

    if (print.different < LEAST_DIFFERENT || print.different <= limit * print.places) {
        return;
    }
    out->passed = false;
    out->limit = limit;
    out->measured = (double)print.different / print.places;
    out->place = (struct check_place){ .in_photo = true, .photo = print.where };
    out->place.in_image = check_place_find(subject, &print.where, false, MARGIN_TO_SHOW, where);
    snprintf(out->message, sizeof out->message,
             "the product has another print than in the photo (%d of %d places)", print.different,
             print.places);
}

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    static const char *const turns[TURNS] = { "",
                                              "the product is mirrored",
                                              "the product is upside down",
                                              "the product is turned to the left",
                                              "the product is turned to the right",
                                              "the product is mirrored and upside down" };
    const struct product_match *match;

    out->limit = limits[0];
    if (check_lacks_match(subject, out)) {
        return;
    }
    match = &subject->product->match;
    out->measured = match->detail;
    out->passed = match->turn == TURN_NONE && match->detail >= limits[0];
    if (match->turn != TURN_NONE) {
        snprintf(out->message, sizeof out->message, "%s", turns[match->turn]);
    } else {
        snprintf(out->message, sizeof out->message,
                 out->passed ? "details correlate by %.2f"
                             : "the product has other details than in the photo (correlation %.2f)",
                 match->detail);
    }
    if (out->passed && limits[1] > 0) {
        compare_print(subject, limits[1], out);
    }
}

const struct check check_product_details = {
    .name = "product_details",
    .source =
        "the product must look like the photo's. Of 50 labelled answers, right ones correlate by "
        "0.9 and more, 0.7 in perspective, 0.2 if turned by 4 degrees; another print by 0.0. Of "
        "189 right answers none has a place with another print; a label with another name has 24 %",
    .limits =
        "minimum correlation of details, -1 to 1; maximum share of the places with strong contrast "
        "that may show another print, 0: any",
    .limit_count = 2,
    .of_picture = true,
    .needs_photo = true,
    .needs_product = true,
    .run = run,
};

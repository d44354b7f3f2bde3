/* check_skip.c - findings of checks that could not be performed: they pass, and say why. */
#include "image/checks/check_skip.h"

#include <stdio.h>

bool check_skip(struct check_finding *out, const char *why)
{
    out->passed = true;
    snprintf(out->message, sizeof out->message, CHECK_NOT_PERFORMED "%s", why);
    return true;
}

bool check_lacks_match(const struct check_subject *subject, struct check_finding *out)
{
    const struct check_product *product = subject->product;

    if (subject->of_photo) {
        return check_skip(out, "the product was cut out of the photo");
    }
    if (product && product->has_match) {
        return false;
    }
    return check_skip(out, !subject->photo ? "there is no photo to compare with"
                           : !product || !product->has_view
                               ? "the product's place in the image is not known"
                               : "the product cannot be told from its background in the photo");
}

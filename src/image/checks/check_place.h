/* check_place.h - where in image and photo a check failed. */
#ifndef IMAGE_CHECKS_CHECK_PLACE_H
#define IMAGE_CHECKS_CHECK_PLACE_H
#include "image/checks/check.h"

enum place_margin { /* around a place, since the product's parts may be elsewhere in the other image
                     */
                    MARGIN_NONE,
                    MARGIN_TO_SHOW,
                    MARGIN_TO_READ
};

/* Finds the place that corresponds to a place in the other image. `place` is in pixels of the
 * image, or of the photo if not `in_photo`; *out the other way round. Returns false if the
 * product's place is not known. */
bool check_place_find(const struct check_subject *subject, const struct pixel_box *place,
                      bool in_photo, enum place_margin margin, struct pixel_box *out);

/* Sets the place of a finding to a box of the image, unless it is set. */
void check_place_set(const struct check_subject *subject, const struct pixel_box *box,
                     struct check_place *place);
#endif

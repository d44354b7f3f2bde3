/* rejection_picture.h - a small picture that shows why an answer was rejected: the photo's place
 * beside the answer's. */
#ifndef JOBS_TYPES_REJECTION_PICTURE_H
#define JOBS_TYPES_REJECTION_PICTURE_H
#include "image/checks/check.h"

enum { REJECTION_WIDTH = 640, REJECTION_BYTES = 40 * 1024 };

/* Draws the places with what is around them, or the complete images where no place is known, as a
 * JPEG of at most REJECTION_WIDTH pixels and REJECTION_BYTES. `photo` may be NULL. Takes some
 * milliseconds: call it on the pool. Leaves *out empty if memory runs out. */
void rejection_picture(const struct image *image, const struct image *photo,
                       const struct check_place *place, struct blob *out);
#endif

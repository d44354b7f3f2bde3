/* ground.h - which pixels are ground and which are product, on a picture that stands on white.
 */
#ifndef IMAGE_GROUND_H
#define IMAGE_GROUND_H
#include "image/image.h"

/* So near to 255 a pixel that the border reaches is ground, and ought to be 255. */
enum { NEAR_WHITE = 16 };

struct ground {
    int left, top, right, bottom; /* box of all that is not ground; right < left: there is none */
    int64_t count;                /* pixels of ground: all white-ish ones that the border reaches */
    int64_t off_white;            /* of those and of the border, how many are not 255 */
    int worst;                    /* largest distance of any of them from 255 */
};

/* False where there is no memory. */
bool ground_find(const struct image *image, struct ground *out);

/* Makes all ground pure white. False where there is no memory. */
bool ground_whiten(struct image *image);
#endif

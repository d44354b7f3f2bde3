/* upright.c - turns and mirrors pixels. Exif 2.32, tag 0x0112. */
#include "image/codec/upright.h"

#include <string.h>

void turn_upright(const struct image *image, int orientation, struct image *out)
{
    size_t step = (size_t)image->channels;
    bool flip_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    bool flip_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;

    for (int y = 0; y < out->height; y++) {
        uint8_t *to = out->pixels + (size_t)y * (size_t)out->width * step;

        for (int x = 0; x < out->width; x++, to += step) {
            int from_x = swaps_sides(orientation) ? y : x,
                from_y = swaps_sides(orientation) ? x : y;

            from_x = flip_x ? image->width - 1 - from_x : from_x;
            from_y = flip_y ? image->height - 1 - from_y : from_y;
            memcpy(to,
                   image->pixels + ((size_t)from_y * (size_t)image->width + (size_t)from_x) * step,
                   step);
        }
    }
}

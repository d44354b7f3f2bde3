/* colour_codes.c - code points of colour spaces. ITU-T H.273, tables 2 and 3. */
#include <string.h>

#include "image/colour/colour_source.h"

static const struct {
    unsigned code;
    double white[2], primaries[3][2];
} all_primaries[] = {
    { 4, { 0.310, 0.316 }, { { 0.67, 0.33 }, { 0.21, 0.71 }, { 0.14, 0.08 } } },
    { 5, { 0.3127, 0.3290 }, { { 0.64, 0.33 }, { 0.29, 0.60 }, { 0.15, 0.06 } } },
    { 6, { 0.3127, 0.3290 }, { { 0.630, 0.340 }, { 0.310, 0.595 }, { 0.155, 0.070 } } },
    { 7, { 0.3127, 0.3290 }, { { 0.630, 0.340 }, { 0.310, 0.595 }, { 0.155, 0.070 } } },
    { 9, { 0.3127, 0.3290 }, { { 0.708, 0.292 }, { 0.170, 0.797 }, { 0.131, 0.046 } } },
    { 11, { 0.314, 0.351 }, { { 0.680, 0.320 }, { 0.265, 0.690 }, { 0.150, 0.060 } } },
    { 12, { 0.3127, 0.3290 }, { { 0.680, 0.320 }, { 0.265, 0.690 }, { 0.150, 0.060 } } },
    /* sRGB's, and what cameras mean if they do not say it */
    { 1, { 0.3127, 0.3290 }, { { 0.64, 0.33 }, { 0.30, 0.60 }, { 0.15, 0.06 } } },
    { 2, { 0.3127, 0.3290 }, { { 0.64, 0.33 }, { 0.30, 0.60 }, { 0.15, 0.06 } } },
};

/* Cameras that write the code of BT.709 mean the curve of a screen, as every viewer shows them:
 * that of sRGB. Curves of high dynamic range are not supported. */
static bool read_transfer(unsigned transfer, struct colour_space *out)
{
    switch (transfer) {
    case 1:
    case 2:
    case 6:
    case 13:
    case 14:
    case 15:
        return true;
    case 4:
        out->gamma = 2.2;
        return true;
    case 5:
        out->gamma = 2.8;
        return true;
    case 8:
        out->gamma = 1;
        return true;
    default:
        return false;
    }
}

struct colour_source colour_source_of_codes(unsigned primaries, unsigned transfer)
{
    struct colour_source source = { .kind = COLOUR_SOURCE_BROKEN };

    for (size_t i = 0; i < sizeof all_primaries / sizeof *all_primaries; i++) {
        if (all_primaries[i].code == primaries && read_transfer(transfer, &source.space)) {
            memcpy(source.space.white, all_primaries[i].white, sizeof source.space.white);
            memcpy(source.space.primaries, all_primaries[i].primaries,
                   sizeof source.space.primaries);
            source.kind = primaries <= 2 && source.space.gamma == 0 ? COLOUR_SOURCE_NONE
                                                                    : COLOUR_SOURCE_SPACE;
        }
    }
    return source;
}

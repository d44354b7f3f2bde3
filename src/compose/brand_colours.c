/* brand_colours.c - derives the colours of a composed image. */
#include "compose/brand_colours.h"

struct brand_colours brand_colours_of(const struct brand_kit *brand, struct colour product)
{
    struct brand_colours out;
    double vivid = colour_saturation(product) > 0.12 ? 0.42 : 0.16;

    if (!colour_read(brand->primary, &out.primary)) {
        out.primary = colour_tone(product, vivid, 0.24);
    }
    /* Type needs a contrast that a medium tone gives neither to white nor to black. */
    out.primary = colour_readable(out.primary, colour_ink(out.primary), CONTRAST_INK);
    if (!colour_read(brand->accent, &out.accent)) {
        out.accent = colour_hex(0xd9822b);
    }
    if (!colour_read(brand->secondary, &out.ground) || colour_lightness(out.ground) < 0.88) {
        out.ground = colour_mix(COLOUR_WHITE, out.primary, 0.065);
    }
    out.deep = colour_mix(out.ground, out.primary, 0.13);
    return out;
}

struct colour tint_colour(const struct brand_colours *colours, enum tint tint)
{
    switch (tint) {
    case TINT_GROUND:
        return colours->ground;
    case TINT_DEEP:
        return colours->deep;
    case TINT_PRIMARY:
        return colours->primary;
    case TINT_SHADE:
        return colour_mix(colours->primary, colour_ink(colours->primary), 0.09);
    case TINT_ACCENT:
        return colours->accent;
    default:
        return COLOUR_WHITE;
    }
}

struct colour tint_ink(const struct brand_colours *colours, enum tint tint)
{
    struct colour ground = tint_colour(colours, tint), ink = colour_ink(ground);

    /* Dark type gets a trace of the brand's colour. */
    if (colour_lightness(ink) < 0.5) {
        ink = colour_mix(ink, colours->primary, colour_lightness(colours->primary) < 0.5 ? 0.4 : 0);
    }
    return colour_readable(ink, ground, CONTRAST_INK);
}

struct colour tint_muted_ink(const struct brand_colours *colours, enum tint tint)
{
    struct colour ground = tint_colour(colours, tint);

    return colour_readable(colour_mix(tint_ink(colours, tint), ground, 0.25), ground,
                           CONTRAST_TEXT + 0.5);
}

struct colour tint_accent(const struct brand_colours *colours, enum tint tint, double contrast)
{
    return colour_readable(colours->accent, tint_colour(colours, tint), contrast + 0.1);
}

/* colour.c - colour arithmetic: mixing, tones, contrast. */
#include "draw/colour.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool colour_read(const char *text, struct colour *out)
{
    if (!text || text[0] != '#' || strlen(text) != 7) {
        return false;
    }
    for (int i = 1; i < 7; i++) {
        if (!isxdigit((unsigned char)text[i])) {
            return false;
        }
    }
    *out = colour_hex((unsigned)strtoul(text + 1, NULL, 16));
    return true;
}

struct colour colour_hex(unsigned rgb)
{
    return (struct colour){ (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0,
                            (rgb & 255) / 255.0 };
}

struct colour colour_mix(struct colour a, struct colour b, double part)
{
    return (struct colour){ a.r + (b.r - a.r) * part, a.g + (b.g - a.g) * part,
                            a.b + (b.b - a.b) * part };
}

static double max_channel(struct colour c)
{
    return fmax(c.r, fmax(c.g, c.b));
}

static double min_channel(struct colour c)
{
    return fmin(c.r, fmin(c.g, c.b));
}

double colour_lightness(struct colour colour)
{
    return (max_channel(colour) + min_channel(colour)) / 2;
}

double colour_saturation(struct colour colour)
{
    double lightness = colour_lightness(colour), range = max_channel(colour) - min_channel(colour);

    return range < 1e-6 ? 0 : range / (1 - fabs(2 * lightness - 1) + 1e-9);
}

static double hue(struct colour c)
{
    double top = max_channel(c), range = top - min_channel(c), turn;

    if (range < 1e-6) {
        return 0;
    }
    if (top <= c.r) {
        turn = fmod((c.g - c.b) / range, 6);
    } else if (top <= c.g) {
        turn = (c.b - c.r) / range + 2;
    } else {
        turn = (c.r - c.g) / range + 4;
    }
    return turn < 0 ? turn + 6 : turn;
}

static double channel(double turn, double saturation, double lightness, int offset)
{
    double k = fmod(offset + turn * 2, 12);
    double reach = saturation * fmin(lightness, 1 - lightness);

    return lightness - reach * fmax(-1, fmin(fmin(k - 3, 9 - k), 1));
}

struct colour colour_tone(struct colour colour, double saturation, double lightness)
{
    double turn = hue(colour);

    saturation = saturation < 0 ? colour_saturation(colour) : saturation;
    lightness = lightness < 0 ? colour_lightness(colour) : lightness;
    return (struct colour){ channel(turn, saturation, lightness, 0),
                            channel(turn, saturation, lightness, 8),
                            channel(turn, saturation, lightness, 4) };
}

static double linear(double value)
{
    return value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double luminance(struct colour c)
{
    return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

double colour_contrast(struct colour a, struct colour b)
{
    double one = luminance(a) + 0.05, two = luminance(b) + 0.05;

    return one > two ? one / two : two / one;
}

struct colour colour_ink(struct colour ground)
{
    struct colour light = colour_hex(0xfdfdfc), dark = colour_hex(0x14181c);

    return colour_contrast(ground, light) * 1.25 >= colour_contrast(ground, dark) ? light : dark;
}

struct colour colour_readable(struct colour colour, struct colour ground, double contrast)
{
    bool darken = colour_contrast(ground, COLOUR_BLACK) > colour_contrast(ground, COLOUR_WHITE);
    struct colour end = darken ? COLOUR_BLACK : COLOUR_WHITE, now = colour;

    for (int i = 1; i <= 20 && colour_contrast(now, ground) < contrast; i++) {
        now = colour_mix(colour, end, i / 20.0);
    }
    return now;
}

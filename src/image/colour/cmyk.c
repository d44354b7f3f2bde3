/* cmyk.c - CMYK by the file's ICC profile, or by a model of offset printing.
 *
 * The model: each ink's share of the paper grows with its amount along a curve (dot gain), and the
 * colour is the mean of the 16 overprints of solid inks, weighted by the shares of the paper that
 * they cover (Neugebauer), in the encoding of sRGB. Its numbers are a least-squares fit to the
 * characterization data of ANSI CGATS/SWOP TR 006-2007 relative to the paper, whose 1,617 patches
 * it meets with a mean CIE76 difference of 1.9 and at most 6.4. The formula (1 - ink) * (1 - black)
 * misses them by 24 and 82. */
#include "image/colour/cmyk.h"

#include <stdlib.h>

#include "base/memory.h"
#include "image/colour/colour_source.h"
#include "image/colour/srgb_conversion.h"

enum { INKS = 4, OVERPRINTS = 16 };

struct cmyk {
    struct srgb_conversion *conversion; /* NULL: the model */
    float shares[3][INKS][256];         /* per channel, ink and value of a byte */
};

/* The share is ink + ink * (1 - ink) * (a + b * ink); per channel, for C, M, Y, K. */
static const float dot_gain[3][INKS][2] = {
    { { -0.358f, 0.287f }, { -0.572f, 0.947f }, { 0.746f, 0.062f }, { 0.107f, -0.310f } },
    { { 0.006f, 0.037f }, { -0.166f, -0.032f }, { 0.307f, -0.596f }, { 0.006f, -0.216f } },
    { { 0.364f, 0.158f }, { -0.274f, 0.435f }, { -0.166f, -0.185f }, { -0.056f, -0.133f } },
};

/* Bit 0 of the index: cyan is printed; 1: magenta; 2: yellow; 3: black. Some are outside sRGB. */
static const float overprints[3][OVERPRINTS] = {
    { 255, -32, 230, 47, 259, -14, 227, 60, 40, 13, 47, 29, 40, 9, 42, 26 },
    { 255, 158, 32, 56, 236, 150, 44, 59, 40, 30, 24, 21, 38, 35, 29, 25 },
    { 255, 225, 127, 130, 8, 70, 41, 56, 40, 38, 24, 31, 28, 28, 20, 23 },
};

static void fill_shares(struct cmyk *cmyk, bool inverted)
{
    for (int c = 0; c < 3; c++) {
        for (int i = 0; i < INKS * 256; i++) {
            float ink = (float)(inverted ? 255 - i % 256 : i % 256) / 255;
            const float *gain = dot_gain[c][i / 256];

            cmyk->shares[c][i / 256][i % 256] = ink + ink * (1 - ink) * (gain[0] + gain[1] * ink);
        }
    }
}

struct cmyk *cmyk_open(const struct blob *file, const struct image_facts *facts, bool inverted,
                       enum image_colours *colours)
{
    struct cmyk *cmyk = xcalloc(1, sizeof *cmyk);
    struct colour_source source;

    colour_source_find(file, facts, &source);
    if (source.kind == COLOUR_SOURCE_PROFILE) {
        cmyk->conversion =
            srgb_conversion_open(&source.profile, inverted ? PIXELS_CMYK_INVERTED : PIXELS_CMYK);
    }
    colour_source_free(&source);
    *colours = cmyk->conversion ? COLOURS_CONVERTED : COLOURS_ASSUMED;
    if (!cmyk->conversion) {
        fill_shares(cmyk, inverted);
    }
    return cmyk;
}

void cmyk_close(struct cmyk *cmyk)
{
    if (cmyk) {
        srgb_conversion_close(cmyk->conversion);
        free(cmyk);
    }
}

/* Averages the overprints, one ink after the other. */
static uint8_t mix(const float *solid, const float shares[INKS][256], const uint8_t *inks)
{
    float left[OVERPRINTS];

    for (int i = 0; i < OVERPRINTS / 2; i++) {
        left[i] = solid[i] + (solid[i + 8] - solid[i]) * shares[3][inks[3]];
    }
    for (int i = 0; i < 4; i++) {
        left[i] += (left[i + 4] - left[i]) * shares[2][inks[2]];
    }
    for (int i = 0; i < 2; i++) {
        left[i] += (left[i + 2] - left[i]) * shares[1][inks[1]];
    }
    left[0] += (left[1] - left[0]) * shares[0][inks[0]];
    return (uint8_t)(left[0] <= 0 ? 0 : left[0] >= 255 ? 255 : left[0] + 0.5f);
}

void cmyk_to_rgb(const struct cmyk *cmyk, const uint8_t *from, uint8_t *to, size_t count)
{
    if (cmyk->conversion) {
        (void)srgb_convert(cmyk->conversion, from, to, count);
        return;
    }
    for (size_t i = 0; i < count; i++, from += INKS, to += 3) {
        for (int c = 0; c < 3; c++) {
            to[c] = mix(overprints[c], cmyk->shares[c], from);
        }
    }
}

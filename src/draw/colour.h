/* colour.h - colours, and the contrast of text on them. */
#ifndef DRAW_COLOUR_H
#define DRAW_COLOUR_H
#include <stdbool.h>

struct colour { /* sRGB, 0 to 1 each */
    double r, g, b;
};

#define COLOUR_WHITE ((struct colour){ 1, 1, 1 })
#define COLOUR_BLACK ((struct colour){ 0, 0, 0 })

/* Reads "#rrggbb". Returns false and leaves *out untouched for anything else, including NULL. */
bool colour_read(const char *text, struct colour *out);
struct colour colour_hex(unsigned rgb); /* 0x1d3557 */

/* `part` is the share of b: 0 gives a, 1 gives b. */
struct colour colour_mix(struct colour a, struct colour b, double part);
/* Returns the same hue with this saturation and lightness (HSL); a negative value keeps the
 * current one. */
struct colour colour_tone(struct colour colour, double saturation, double lightness);
double colour_lightness(struct colour colour);  /* HSL, 0 to 1 */
double colour_saturation(struct colour colour); /* HSL, 0 to 1 */

/* WCAG 2 contrast ratio: 1 (equal) to 21 (black on white). */
double colour_contrast(struct colour a, struct colour b);
/* Returns near-white or near-black, whichever has more contrast on this background. */
struct colour colour_ink(struct colour ground);
/* Makes the colour darker or lighter until it has this contrast on the background. */
struct colour colour_readable(struct colour colour, struct colour ground, double contrast);
#endif

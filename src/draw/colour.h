/* colour.h - colours and what can be read on them. Draw: pictures and words on a canvas. */
#ifndef DRAW_COLOUR_H
#define DRAW_COLOUR_H
#include <stdbool.h>

struct colour { /* sRGB, 0 to 1 each */
    double r, g, b;
};

#define COLOUR_WHITE ((struct colour){ 1, 1, 1 })
#define COLOUR_BLACK ((struct colour){ 0, 0, 0 })

/* "#rrggbb"; false (and *out untouched) for anything else, NULL too. */
bool colour_read(const char *text, struct colour *out);
struct colour colour_hex(unsigned rgb); /* 0x1d3557 */

/* `part` of b in a: 0 gives a, 1 gives b. */
struct colour colour_mix(struct colour a, struct colour b, double part);
/* Same hue, with this saturation and lightness (HSL); a negative value keeps what it has. */
struct colour colour_tone(struct colour colour, double saturation, double lightness);
double colour_lightness(struct colour colour);  /* of HSL, 0 to 1 */
double colour_saturation(struct colour colour); /* of HSL, 0 to 1 */

/* WCAG 2: 1 (the same) to 21 (black on white). */
double colour_contrast(struct colour a, struct colour b);
/* Near-white or near-black: which reads better on this ground. */
struct colour colour_ink(struct colour ground);
/* The colour, made darker or lighter until it has this contrast on the ground. */
struct colour colour_readable(struct colour colour, struct colour ground, double contrast);
#endif

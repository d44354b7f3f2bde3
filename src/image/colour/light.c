/* light.c - corrects colours in Lab. */
#include "image/colour/light.h"

#include <math.h>

static const float least_root = 0.1F; /* of a grey: what is darker has no colour to take */
/* Of something grey in light with a colour. */
static const float least_chroma = 3, most_chroma = 40;

bool light_may_have_colour(const float backdrop[3])
{
    float chroma = hypotf(backdrop[1], backdrop[2]);

    return chroma >= least_chroma && chroma <= most_chroma;
}

/* The roots of X, Y and Z, by those of white; see CIE 15, CIELAB. */
static void roots_of(const float lab[3], float roots[3])
{
    roots[1] = (lab[0] + LIGHT_OFFSET) / 116;
    roots[0] = roots[1] + lab[1] / 500;
    roots[2] = roots[1] - lab[2] / 200;
}

void light_take(const struct light *light, float lab[3])
{
    float gain = light->gain > 0 ? light->gain : 1, chroma = light->chroma > 0 ? light->chroma : 1;
    float grey[3], roots[3];

    roots_of(light->grey, grey);
    roots_of(lab, roots);
    for (int i = 0; i < 3; i++) {
        roots[i] *= gain * grey[1] / fmaxf(grey[i], least_root);
    }
    lab[0] = 116 * roots[1] - LIGHT_OFFSET;
    lab[1] = 500 * (roots[0] - roots[1]) * chroma;
    lab[2] = 200 * (roots[1] - roots[2]) * chroma;
}

/* product_light.c - tries the lights in which a photo may have been taken. */
#include "image/product/product_light.h"

#include <math.h>
#include <string.h>

static const float solid = 0.5F;
static const float white = 100; /* lightness that a backdrop has at most */
static const float most_gain = 2;
/* Of cameras that make colours vivid, and of haze. */
static const float least_chroma = 0.7F, most_chroma = 1.4F;
static const double any = 200, alike = 10; /* Lab distance that is left */
static const float no_change = 0.03F;      /* smaller changes are not worth a comparison */

/* Returns the gain that makes the photo's product as bright as the other one, as far as its
 * backdrop does not become brighter than white. A photo that is too bright is not made darker: a
 * black product would be as good as a grey one. */
static float gain_of(const struct product_view *photo, const struct product_view *made)
{
    float most = fminf(most_gain, (white + LIGHT_OFFSET) / (photo->backdrop[0] + LIGHT_OFFSET));
    float one = 0, other = 0;

    for (int i = 0; i < VIEW_CELLS; i++) {
        if (photo->alpha[i] >= solid && made->alpha[i] >= solid) {
            one += photo->lab[0][i] + LIGHT_OFFSET;
            other += made->lab[0][i] + LIGHT_OFFSET;
        }
    }
    return one > 0 ? fmaxf(1, fminf(other / one, most)) : 1;
}

/* Returns the factor that makes the photo's colours as vivid as the other ones, as far as cameras
 * change them. */
static float chroma_of(const struct product_view *photo, const struct product_view *made)
{
    float one = 0, other = 0;

    for (int i = 0; i < VIEW_CELLS; i++) {
        if (photo->alpha[i] >= solid && made->alpha[i] >= solid) {
            one += hypotf(photo->lab[1][i], photo->lab[2][i]);
            other += hypotf(made->lab[1][i], made->lab[2][i]);
        }
    }
    return one > 0 ? fmaxf(least_chroma, fminf(other / one, most_chroma)) : 1;
}

/* Compares in this light, and keeps the result if the colours are more alike. */
static void try_light(struct product_reference *reference, const struct light *light,
                      const struct product_view *made, double most, struct product_match *best)
{
    struct product_view view = reference->view;
    struct product_match match;

    product_view_take_light(&view, light);
    product_match(&view, made, &match);
    match.chroma *= light->chroma > 0 ? light->chroma : 1; /* of the photo's own */
    if (match.colour < fmin(best->colour, most)) {
        *best = match;
        product_reference_take_light(reference, light);
    }
}

void product_match_in_light(struct product_reference *reference, const struct product_view *made,
                            struct product_match *match)
{
    struct light light = { .gain = 1 };

    product_match(&reference->view, made, match);
    if (!reference->view.has_backdrop) {
        return;
    }
    if (light_may_have_colour(reference->view.backdrop)) {
        memcpy(light.grey, reference->view.backdrop, sizeof light.grey);
        try_light(reference, &light, made, any, match);
    }
    light = (struct light){ .gain = gain_of(&reference->view, made) };
    if (light.gain > 1 + no_change) {
        try_light(reference, &light, made, any, match);
    }
    light = (struct light){ .gain = 1, .chroma = chroma_of(&reference->view, made) };
    if (fabsf(light.chroma - 1) > no_change) {
        try_light(reference, &light, made, alike, match);
    }
}

/* light.h - the colour and the brightness of the light in which a photo was taken. */
#ifndef IMAGE_COLOUR_LIGHT_H
#define IMAGE_COLOUR_LIGHT_H
#include <stdbool.h>

/* Light multiplies L with this offset, and so does a gain. */
enum { LIGHT_OFFSET = 16 };

struct light {
    float grey[3]; /* Lab of something grey in it; a and b are 0 if the light has no colour */
    float chroma;  /* factor for a and b: cameras make colours more vivid; 0: as 1 */
    float gain;    /* factor for L + LIGHT_OFFSET that makes the photo brighter; 0: as 1 */
};

/* Returns true if the backdrop of a photo, given in Lab, may be grey in light that has a colour,
 * such as lamplight. */
bool light_may_have_colour(const float backdrop[3]);
/* Changes a colour of the photo to what it would be without the colour of the light, and brighter.
 */
void light_take(const struct light *light, float lab[3]);
#endif

/* cmyk.h - converts rows of four inks to sRGB. */
#ifndef IMAGE_COLOUR_CMYK_H
#define IMAGE_COLOUR_CMYK_H
#include "image/image.h"

struct cmyk;

/* Uses the file's profile if it has one for four inks; else typical offset printing is assumed, and
 * *colours says so. With `inverted`, 255 stands for no ink. */
struct cmyk *cmyk_open(const struct blob *file, const struct image_facts *facts, bool inverted,
                       enum image_colours *colours);
void cmyk_to_rgb(const struct cmyk *cmyk, const uint8_t *from, uint8_t *to, size_t count);
void cmyk_close(struct cmyk *cmyk);
#endif

/* lab.h - CIE Lab (D65) of an sRGB colour. */
#ifndef IMAGE_COLOUR_LAB_H
#define IMAGE_COLOUR_LAB_H
#include <stdint.h>

void lab_of_srgb(const uint8_t rgb[3], float lab[3]);
#endif

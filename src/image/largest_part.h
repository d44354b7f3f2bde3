/* largest_part.h - connected parts of a grid. */
#ifndef IMAGE_LARGEST_PART_H
#define IMAGE_LARGEST_PART_H
#include <stdint.h>

/* Returns how many cells the largest connected part of those that are not 0 has; sets all to 0.
 * `stack` has room for width * height numbers. */
int largest_part(uint8_t *marked, int width, int height, int *stack);
#endif

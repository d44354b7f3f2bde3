/* random.h - reproducible pseudorandom numbers, for simulations, tests and statistics. Not for
 * secrets. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H
#include <stddef.h>
#include <stdint.h>

/* splitmix64 (Steele, Lea, Flood 2014); any seed is valid. */
uint64_t random_next(uint64_t *state);

double random_uniform(uint64_t *state);             /* 0 <= x < 1 */
size_t random_below(uint64_t *state, size_t bound); /* 0 .. bound - 1, uniform; bound > 0 */
double random_normal(uint64_t *state);              /* mean 0, standard deviation 1 */
double normal_quantile(
    double share); /* what that share (0 < share < 1) of the standard normal stays below */
double random_exponential(uint64_t *state, double mean); /* intervals of a Poisson process */

/* Shuffles `count` items of `size` bytes each; size is at most 64. */
void random_shuffle(uint64_t *state, void *items, size_t count, size_t size);
#endif

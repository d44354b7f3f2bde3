/* random.h - numbers that look random and are the same for the same seed: for simulations, tests
 * and statistics. Never for secrets. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H
#include <stddef.h>
#include <stdint.h>

/* splitmix64 (Steele, Lea, Flood 2014); any seed will do. */
uint64_t random_next(uint64_t *state);

double random_uniform(uint64_t *state);             /* 0 <= x < 1 */
size_t random_below(uint64_t *state, size_t bound); /* 0 .. bound - 1, all alike; bound > 0 */
double random_normal(uint64_t *state);              /* mean 0, deviation 1 */
double normal_quantile(
    double share); /* what that share (0 < share < 1) of the standard normal stays below */
double random_exponential(uint64_t *state, double mean); /* gaps of a Poisson process */

/* Puts `count` items of `size` bytes each (at most 64) into an order of its own. */
void random_shuffle(uint64_t *state, void *items, size_t count, size_t size);
#endif

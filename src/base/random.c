/* random.c - splitmix64, and distributions based on it. */
#include "base/random.h"

#include <math.h>
#include <string.h>

enum { ITEM_MAX = 64 };

uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

double random_uniform(uint64_t *state)
{
    return (double)(random_next(state) >> 11) * 0x1p-53;
}

/* The high half of the product, without bias (Lemire 2019). */
size_t random_below(uint64_t *state, size_t bound)
{
    __uint128_t product = (__uint128_t)random_next(state) * bound;

    if ((uint64_t)product < bound) {
        uint64_t least = -(uint64_t)bound % bound;

        while ((uint64_t)product < least) {
            product = (__uint128_t)random_next(state) * bound;
        }
    }
    return (size_t)(product >> 64);
}

double random_normal(uint64_t *state) /* Box and Muller */
{
    double u = 1 - random_uniform(state), v = random_uniform(state);

    return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

double normal_quantile(double share)
{
    double low = -40, high = 40; /* beyond them is nothing that a double can tell from 0 */

    for (int i = 0; i < 64; i++) {
        double middle = (low + high) / 2;

        if (0.5 * erfc(-middle / M_SQRT2) < share) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (low + high) / 2;
}

double random_exponential(uint64_t *state, double mean)
{
    return -mean * log(1 - random_uniform(state));
}

void random_shuffle(uint64_t *state, void *items, size_t count, size_t size)
{
    unsigned char *bytes = items, kept[ITEM_MAX];

    if (size > ITEM_MAX) {
        return;
    }
    for (size_t left = count; left > 1; left--) {
        unsigned char *a = bytes + (left - 1) * size, *b = bytes + random_below(state, left) * size;

        memcpy(kept, a, size);
        memmove(a, b, size);
        memcpy(b, kept, size);
    }
}
